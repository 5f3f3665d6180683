/** Deploys an assembly: wave after wave, each over all its accounts and regions at once. */
import { type Assembly, type AssemblyStack, FleetError, type Wave } from '../model/index.ts'
import { type DeployContext, deployStack } from './deploy-stack.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import type { StackFailure } from './events.ts'
import { examine, type Look } from './examine.ts'
import { beginFleet } from './leaving/begin-fleet.ts'
import type { LeftOver } from './leaving/find-left.ts'
import { type FleetPlan, planStacks } from './plan/plan.ts'
import { refuseStrangers } from './refuse-strangers.ts'
import { CONCURRENCY, Slots } from './slots.ts'
import { type StackReference, StandingStacks } from './standing-stacks.ts'

/**
 * Deploys every wave. It can be run again at any point: stacks that would not change are skipped, failed creations are
 * cleared away first. The stacks of a wave all run to their end, also when one fails; then the deployment stops. Where
 * an account and region does not answer any more, those of its stacks that have not begun are left out.
 * Gives what of the fleet stands and is not in the assembly; it is left alone (`takeAway`), and not looked for by who
 * deploys a part (`only`). Gives undefined where `proceed`
 * has kept it from doing anything.
 * Errors: DeploymentFailure with every stack that failed; FleetError, before anything is changed, where a stack is another
 * fleet's.
 */
export async function deploy(assembly: Assembly, context: DeployContext): Promise<LeftOver | undefined> {
  const { begun, first, left, stacks } = await survey(assembly, context)
  const slots = slotsOf(context)
  if (context.proceed) {
    const planned = await planStacks(assembly, first, { ...context, slots })
    if (!(await context.proceed({ stacks: planned, left }))) return undefined
  }
  const changes = !assembly.home || context.force === true || (await wouldChange(context, first, stacks))
  const lock = changes ? await begun.lock() : undefined
  try {
    await begun.keepAll()
    // Where nothing changes, or nobody else was at work meanwhile, what was seen holds.
    const isFirst = lock?.isFirst ?? true
    await deployWaves(wavesOf(assembly, context), context, (index, wave) =>
      !changes || (index === 0 && isFirst) ? first : lookAt(context, wave),
    )
    await begun.keep(left)
  } finally {
    await lock?.release()
  }
  return left
}

/** Gives what `deploy` would do, and does nothing of it. Errors: as `deploy`, before anything is changed. */
export async function planFleet(
  assembly: Assembly,
  context: Pick<DeployContext, 'accounts' | 'reach' | 'now' | 'takeOver' | 'concurrency'>,
): Promise<FleetPlan> {
  const { first, left } = await survey(assembly, context)
  const slots = slotsOf(context)
  return { stacks: await planStacks(assembly, first, { ...context, slots, detailed: true }), left }
}

/** Looks at everything before anything is changed. */
async function survey(
  assembly: Assembly,
  context: Pick<DeployContext, 'accounts' | 'reach' | 'now' | 'takeOver' | 'lock' | 'concurrency' | 'only'>,
) {
  const stacks = wavesOf(assembly, context).flat()
  const slots = slotsOf(context)
  const isPart = context.only !== undefined
  const begun = await beginFleet(assembly, { ...context, stacks: wantedOf(stacks), slots, isPart })
  const first: Look = { standing: begun.standing, at: context.now() }
  if (!context.takeOver) await refuseStrangers(context.accounts, stacks, first.standing, slots)
  return { begun, first, left: await begun.left(), stacks }
}

/** The waves, with those of their stacks that are deployed. */
const wavesOf = ({ waves }: Assembly, { only }: Pick<DeployContext, 'only'>): readonly Wave[] =>
  only ? waves.map((wave) => wave.filter((one) => only.has(one))) : waves

async function deployWaves(
  waves: readonly Wave[],
  context: DeployContext,
  lookOf: (index: number, wave: Wave) => Look,
): Promise<void> {
  for (const [index, stacks] of waves.entries()) {
    const started = context.now()
    const wave = index + 1
    context.listener({ type: 'wave-started', wave, stacks })
    const failures = await deployWave(context, stacks, lookOf(index, stacks))
    if (failures.length) throw new DeploymentFailure(failures)
    context.listener({ type: 'wave-done', wave, milliseconds: context.now() - started })
  }
}

/** Whether some stack does not say that it stands as it would be deployed. */
async function wouldChange(
  { accounts }: DeployContext,
  look: Look,
  stacks: readonly AssemblyStack[],
): Promise<boolean> {
  const examined = await Promise.all(
    stacks.map((stack) =>
      accounts
        .verify(stack.target)
        .then(() => examine(look, stack))
        .then(
          ({ isUnchanged }) => isUnchanged,
          // What cannot be looked at is told when its turn comes.
          () => false,
        ),
    ),
  )
  return examined.includes(false)
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

const slotsOf = ({ concurrency }: Pick<DeployContext, 'concurrency'>): Slots =>
  new Slots(concurrency ?? CONCURRENCY)

const lookAt = ({ accounts, now }: DeployContext, stacks: readonly AssemblyStack[]): Look => ({
  standing: new StandingStacks(accounts, wantedOf(stacks)),
  at: now(),
})

const wantedOf = (stacks: readonly AssemblyStack[]): StackReference[] =>
  stacks.flatMap(({ name: stack, target, parametersFrom }) => [
    { stack, target },
    ...Object.values(parametersFrom),
  ])
