/** Lifecycle hooks of deployments that shift traffic: functions that are asked, and pauses that somebody ends. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { HookRun, ServiceDeployment, Shift, Stage } from '../state.ts'
import { itself } from './identity.ts'

export type Hook = NonNullable<
  NonNullable<Input<'ecs', 'CreateService'>['deploymentConfiguration']>['lifecycleHooks']
>[number]

const MINUTE = 60_000

/** Minutes. AWS: a stage lasts 24 hours at most. */
const LONGEST = 1_440

/** Seconds. AWS: until a function that is in progress is called again. */
const CALL_BACK = 30

const hooksOf = ({ configuration }: ServiceDeployment): readonly Hook[] => configuration?.lifecycleHooks ?? []

/** A stage, and which turn of it: those that shift traffic come several times, and again when it goes back. */
export const turnOf = ({ shift, rollback }: ServiceDeployment): string =>
  `${shift!.stage} ${shift!.production} ${rollback ? 'back' : ''}`

/** Gives the hooks that run in this turn: those that have begun, and those that begin now. */
export function runsOf(ctx: Context, deployment: ServiceDeployment): HookRun[] {
  const { stage, hooks } = deployment.shift!
  const turn = turnOf(deployment)
  const now = ctx.cloud.clock.now()
  return hooksOf(deployment).flatMap((hook, at) => {
    if (!hook.lifecycleStages?.includes(stage as never)) return []
    const known = hooks.find((one) => one.turn === turn && one.hook === at)
    const isPause = hook.targetType === 'PAUSE'
    const minutes = hook.timeoutConfiguration?.timeoutInMinutes ?? LONGEST
    const { ids } = ctx.cloud
    return (
      known ?? {
        id: isPause ? `ecs-pause-${ids.mixed(43)}` : ids.uuid(),
        hook: at,
        turn,
        status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
        notBefore: now,
        expires: now + minutes * MINUTE,
      }
    )
  })
}

export const isOpen = ({ status }: HookRun): boolean =>
  status === 'IN_PROGRESS' || status === 'AWAITING_ACTION'

/** Gives the runs of other turns with those of this one. */
export const withRuns = ({ hooks }: Shift, runs: readonly HookRun[]): readonly HookRun[] => [
  ...hooks.filter(({ id }) => !runs.some((one) => one.id === id)),
  ...runs,
]

/** Calls the function of a run that is due, or ends a run whose time is over; gives it as it is then. */
export async function goOnWith(ctx: Context, deployment: ServiceDeployment, run: HookRun): Promise<HookRun> {
  const now = ctx.cloud.clock.now()
  const hook = hooksOf(deployment)[run.hook]!
  if (run.expires <= now) {
    const goesOn = hook.timeoutConfiguration?.action === 'CONTINUE'
    const failure = goesOn ? undefined : `Lifecycle hook ${hook.hookTargetArn ?? run.id} timed out.`
    return { ...run, status: 'TIMED_OUT', failure }
  }
  if (run.status !== 'IN_PROGRESS' || run.notBefore > now) return run
  try {
    return answered(ctx, run, hook, await invoke(ctx, deployment, run, hook))
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error
    return { ...run, status: 'FAILED', failure: error.message }
  }
}

class HookFailure extends Error {}

/** Errors: HookFailure in AWS's words. */
async function invoke(
  ctx: Context,
  deployment: ServiceDeployment,
  run: HookRun,
  hook: Hook,
): Promise<string> {
  const { roleArn = '', hookTargetArn: FunctionName = '' } = hook
  const session = await ctx
    .assumeRole(roleArn, { by: itself, sessionName: 'ECS-Lambda-Execution' })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new HookFailure(`ECS was unable to assume role ${roleArn}`)
    })
  const Payload = Buffer.from(JSON.stringify(payload(deployment, run, hook))) as never
  const { Payload: answer } = await ctx
    .call('lambda', 'Invoke', { FunctionName, Payload }, { as: session.identity })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new HookFailure(`ECS was unable to invoke hook target ${FunctionName} due to ${error.message}`)
    })
  return Buffer.from(answer ?? []).toString()
}

const SHIFTS: Partial<Record<Stage, 'testTrafficWeights' | 'productionTrafficWeights'>> = {
  TEST_TRAFFIC_SHIFT: 'testTrafficWeights',
  PRODUCTION_TRAFFIC_SHIFT: 'productionTrafficWeights',
}

/** AWS: what a function is called with ("Lifecycle payloads"). */
function payload(deployment: ServiceDeployment, run: HookRun, hook: Hook) {
  const { stage, production, test } = deployment.shift!
  const shifted = SHIFTS[stage]
  const share = stage === 'TEST_TRAFFIC_SHIFT' ? test : production
  const others = deployment.sources.slice(0, 1).map((arn) => [arn, 100 - share])
  const weights = Object.fromEntries([[deployment.target, share], ...others])
  const given = hook.hookDetails as Record<string, unknown> | undefined
  const hookDetails = given || run.details ? { ...given, ...run.details } : undefined
  return {
    executionId: run.id,
    lifecycleStage: stage,
    resourceArn: deployment.arn,
    executionDetails: {
      serviceArn: deployment.service,
      targetServiceRevisionArn: deployment.target,
      testTrafficWeights: {},
      productionTrafficWeights: {},
      ...(shifted && { [shifted]: weights }),
    },
    ...(hookDetails && { hookDetails }),
  }
}

interface Answer {
  readonly hookStatus?: unknown
  readonly callBackDelay?: unknown
  readonly hookDetails?: Readonly<Record<string, unknown>>
}

function parsed(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer
  } catch {
    return {}
  }
}

/** Errors: HookFailure for an answer that is none, or says no. */
function answered(ctx: Context, run: HookRun, { hookTargetArn: target }: Hook, text: string): HookRun {
  const { hookStatus, callBackDelay, hookDetails } = parsed(text)
  if (hookStatus === 'SUCCEEDED') return { ...run, status: 'SUCCEEDED' }
  if (hookStatus === 'IN_PROGRESS') {
    const delay = typeof callBackDelay === 'number' && callBackDelay >= 0 ? callBackDelay : CALL_BACK
    return {
      ...run,
      details: { ...run.details, ...hookDetails },
      notBefore: ctx.cloud.clock.now() + delay * 1_000,
    }
  }
  throw new HookFailure(
    hookStatus === 'FAILED'
      ? `Lifecycle hook target ${target} returned FAILED status.`
      : `ECS was unable to parse the response from ${target} due to HookStatus must ${hookStatus === undefined || hookStatus === null ? 'not be null' : 'be one of SUCCEEDED, FAILED, IN_PROGRESS'}`,
  )
}
