/** codepipeline:OverrideStageCondition. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { ConditionType } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { advance } from '../engine/advance.ts'
import { abandonRules, endCondition, resultOf } from '../engine/conditions.ts'
import { publishPipeline, publishStage } from '../engine/events.ts'
import { findExecution, findPipeline, findStage, on } from '../engine/find.ts'
import { isActive, latestIn } from '../engine/history.ts'
import { stageOf } from '../engine/places.ts'
import { changeExecution, ownContext } from '../engine/records.ts'
import type { Execution } from '../state.ts'

const TYPES = { BEFORE_ENTRY: 'beforeEntry', ON_SUCCESS: 'onSuccess' } as const satisfies Record<
  string,
  ConditionType
>

/**
 * AWS: "With the exception of Skip results, you can override a stage condition", and "the stage proceeds": while its rules
 * run, which are abandoned, and after they failed the stage (stage-conditions).
 */
export const OverrideStageCondition = operation({
  service: 'codepipeline',
  name: 'OverrideStageCondition',
  access: (input, ctx) => on(ctx, 'OverrideStageCondition', input.pipelineName, input.stageName),
  run: (input, caller) => {
    const { pipelineName: name, stageName, pipelineExecutionId: id } = input
    findStage(findPipeline(caller, name), stageName)
    const ctx = ownContext(caller, name)
    const execution = findExecution(ctx, name, id, 'NotLatestPipelineExecutionException')
    const type = TYPES[input.conditionType as keyof typeof TYPES]
    checkOverridable(ctx, execution, stageName, type)
    abandonRules(ctx, execution, type)
    endCondition(ctx, execution, type, 'Overridden', `Overridden by ${caller.identity.arn}`)
    if (!isActive(execution)) resume(ctx, execution, stageName)
    advance(ctx, name)
    return {}
  },
})

function resume(ctx: Context, { id, declaration: { name } }: Execution, stage: string): void {
  const resumed = changeExecution(ctx, name, id, ({ stages }) => ({
    status: 'InProgress',
    statusSummary: undefined,
    stages: { ...stages, [stage]: { ...entryOf(stages, stage)!, status: 'InProgress' } },
  }))
  publishPipeline(ctx, resumed, 'RESUMED')
  publishStage(ctx, resumed, stage, 'RESUMED')
}

/** Errors: NotLatestPipelineExecutionException, ConditionNotOverridableException. */
function checkOverridable(ctx: Context, execution: Execution, stage: string, type: ConditionType): void {
  const { declaration, waiting } = execution
  const isThere = !waiting && stageOf(execution).name === stage
  const isLatest =
    declaration.executionMode === 'PARALLEL' || latestIn(ctx, declaration.name, stage)?.id === execution.id
  if (!isThere || !isLatest)
    throw new AwsError(
      'NotLatestPipelineExecutionException',
      `The execution ${execution.id} is not the latest one in stage ${stage}`,
    )
  const refuse = (why: string) => {
    throw new AwsError(
      'ConditionNotOverridableException',
      `The condition ${type} of stage ${stage} cannot be overridden: ${why}`,
    )
  }
  const condition = entryOf(execution.stages, stage)?.conditions?.[type]
  const result = resultOf(execution, type)
  if (!condition) refuse('it has not been looked at')
  if (result === 'SKIP') refuse('its result is SKIP')
  const isOpen = condition?.status === 'InProgress' && execution.status === 'InProgress'
  const hasFailed = condition?.status === 'Failed' && execution.status === 'Failed' && result === 'FAIL'
  if (!isOpen && !hasFailed) refuse(`it is in the status ${condition?.status}`)
}
