/** Telling EventBridge how pipelines, stages and actions fare. */
import type { ActionDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { pipelineArn } from '../kinds.ts'
import type { ActionRun, Execution } from '../state.ts'

type PipelineState =
  | 'STARTED'
  | 'STOPPING'
  | 'STOPPED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELED'
  | 'SUPERSEDED'
  | 'RESUMED'

function publish(ctx: Context, kind: string, execution: Execution, detail: Record<string, unknown>): void {
  const { name, version } = execution.declaration
  ctx.publish({
    source: 'aws.codepipeline',
    detailType: `CodePipeline ${kind} Execution State Change`,
    resources: [pipelineArn(ctx, name)],
    detail: { pipeline: name, 'execution-id': execution.id, version, ...detail },
  })
}

/** AWS: STARTED tells the trigger, STOPPING the comments of whoever stopped it. */
export function publishPipeline(ctx: Context, execution: Execution, state: PipelineState): void {
  publish(ctx, 'Pipeline', execution, {
    state,
    ...(state === 'STARTED' && {
      'execution-trigger': {
        'trigger-type': execution.trigger.type,
        'trigger-detail': execution.trigger.detail,
      },
    }),
    ...(state === 'STOPPING' && { 'stop-execution-comments': execution.stop?.reason ?? '' }),
  })
}

export function publishStage(
  ctx: Context,
  execution: Execution,
  stage: string,
  state: Exclude<PipelineState, 'SUPERSEDED'>,
): void {
  publish(ctx, 'Stage', execution, { stage, state })
}

const ACTION_STATES = {
  InProgress: 'STARTED',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Abandoned: 'ABANDONED',
} as const

/** Tells the state that the action's record has. AWS: nothing is told of rules (detect-state-changes-cloudwatch-events). */
export function publishAction(
  ctx: Context,
  execution: Execution,
  run: ActionRun,
  action: ActionDeclaration,
): void {
  if (run.condition) return
  const { external, error } = run
  const artifacts = (list: ActionRun['inputs']) =>
    list.map(({ name, bucket, key }) => ({ name, s3location: { bucket, key } }))
  publish(ctx, 'Action', execution, {
    stage: run.stage,
    action: run.action,
    'action-execution-id': run.id,
    state: ACTION_STATES[run.status],
    region: action.region ?? ctx.region,
    type: action.actionTypeId,
    'input-artifacts': artifacts(run.inputs),
    'output-artifacts': artifacts(run.outputs),
    'execution-result': {
      'external-execution-url': external?.url,
      'external-execution-summary': error?.message ?? external?.summary,
      'external-execution-id': external?.id,
      'error-code': error?.code,
    },
  })
}
