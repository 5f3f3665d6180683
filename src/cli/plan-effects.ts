/** What a plan comes to beside its stacks: what pipelines cost, and what they deploy no more. */
import { estimateCost, type Landscape, readAssembly } from '../access/index.ts'
import type { FleetPlan } from '../deploy/index.ts'
import type { Assembly, Target } from '../model/index.ts'
import { deployedStacks } from '../pipeline/index.ts'

export interface PlanEffects {
  /** US dollars a month, at so many runs of each pipeline. */
  readonly cost: { readonly before: number; readonly after: number; readonly runs: number }
  /** Stacks of applications that no pipeline of the fleet deploys any more. */
  readonly undeployed: readonly ({ readonly stack: string } & Target)[]
}

/** Gives the difference between what stands and what will. */
export function planEffects(assembly: Assembly, { stacks }: FleetPlan): PlanEffects {
  const standing = new Map(
    stacks.flatMap(({ stack, action, before }) => {
      if (action === 'create' || action === 'recreate') return []
      return [[keyOf(stack), before ?? stack.template] as const]
    }),
  )
  const waves = assembly.waves.map((wave) =>
    wave.flatMap((stack) => {
      const template = standing.get(keyOf(stack))
      return template ? [{ ...stack, template }] : []
    }),
  )
  const [before, after] = [readAssembly({ ...assembly, waves }), readAssembly(assembly)]
  const { total, assumptions } = estimateCost(after)
  const deployed = new Set(applicationsOf(after).map(placed))
  return {
    cost: { before: estimateCost(before).total, after: total, runs: assumptions.runs },
    undeployed: applicationsOf(before).filter((one) => !deployed.has(placed(one))),
  }
}

const keyOf = ({ name, target }: { readonly name: string; readonly target: Target }): string =>
  placed({ stack: name, ...target })

const placed = ({ stack, account, region }: { readonly stack: string } & Target): string =>
  `${account} ${region} ${stack}`

/** Each once, though a pipeline has an action for a change set and one that executes it. */
function applicationsOf({ pipelines }: Landscape): ({ stack: string } & Target)[] {
  const found = new Map<string, { stack: string } & Target>()
  for (const { declaration, account, region } of pipelines)
    for (const one of deployedStacks(declaration, { account, region })) {
      const stack = { stack: one.name, account: one.account, region: one.region }
      found.set(placed(stack), stack)
    }
  return [...found.values()]
}
