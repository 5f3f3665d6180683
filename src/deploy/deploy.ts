/** Deploys an assembly: wave after wave, each over all its accounts and regions at once. */
import { type Assembly, type AssemblyStack, FleetError } from '../model/index.ts'
import { type DeployContext, deployStack, type Look } from './deploy-stack.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import type { StackFailure } from './events.ts'
import { beginFleet } from './leaving/begin-fleet.ts'
import type { LeftOver } from './leaving/find-left.ts'
import { refuseStrangers } from './refuse-strangers.ts'
import { CONCURRENCY, Slots } from './slots.ts'
import { type StackReference, StandingStacks } from './standing-stacks.ts'

/**
 * Deploys every wave. It can be run again at any point: stacks that would not change are skipped, failed creations are
 * cleared away first. The stacks of a wave all run to their end, also when one fails; then the deployment stops. Where
 * an account and region does not answer any more, those of its stacks that have not begun are left out.
 * Gives what of the fleet stands and is not in the assembly; it is left alone (`takeAway`).
 * Errors: DeploymentFailure with every stack that failed; FleetError, before anything is changed, where a stack is another
 * fleet's.
 */
export async function deploy(assembly: Assembly, context: DeployContext): Promise<LeftOver> {
  const stacks = assembly.waves.flat()
  const begun = await beginFleet(assembly, { ...context, stacks: wantedOf(stacks), slots: slotsOf(context) })
  const first = { standing: begun.standing, at: context.now() }
  if (!context.takeOver) await refuseStrangers(context.accounts, stacks, first.standing, slotsOf(context))
  const left = await begun.left()
  for (const [index, stacks] of assembly.waves.entries()) {
    const started = context.now()
    const wave = index + 1
    context.listener({ type: 'wave-started', wave, stacks })
    const failures = await deployWave(context, stacks, index === 0 ? first : lookAt(context, stacks))
    if (failures.length) throw new DeploymentFailure(failures)
    context.listener({ type: 'wave-done', wave, milliseconds: context.now() - started })
  }
  await begun.keep(left)
  return left
}

async function deployWave(
  context: DeployContext,
  stacks: readonly AssemblyStack[],
  look: Look,
): Promise<readonly StackFailure[]> {
  const slots = slotsOf(context)
  const lost = new Map<string, StackFailure>()
  const failures: StackFailure[] = []
  const attempt = async (stack: AssemblyStack): Promise<void> => {
    const place = `${stack.target.account}/${stack.target.region}`
    const known = lost.get(place)
    if (known) {
      const { name, target, environment } = stack
      const failure = { stack: name, target, environment, reason: known.reason }
      failures.push(failure)
      return context.listener({ type: 'stack-failed', stack, failure })
    }
    await deployStack(context, look, stack).catch((error: unknown) => {
      if (!(error instanceof DeploymentFailure)) throw error
      failures.push(...error.failures)
      if (error.cause instanceof FleetError) lost.set(place, error.failures[0]!)
    })
  }
  await Promise.all(stacks.map((stack) => slots.run(stack.target, () => attempt(stack))))
  return failures
}

const slotsOf = ({ concurrency }: DeployContext): Slots => new Slots(concurrency ?? CONCURRENCY)

const lookAt = ({ accounts, now }: DeployContext, stacks: readonly AssemblyStack[]): Look => ({
  standing: new StandingStacks(accounts, wantedOf(stacks)),
  at: now(),
})

const wantedOf = (stacks: readonly AssemblyStack[]): StackReference[] =>
  stacks.flatMap(({ name: stack, target, parametersFrom }) => [
    { stack, target },
    ...Object.values(parametersFrom),
  ])
