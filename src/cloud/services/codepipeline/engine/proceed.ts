/** What an execution does next in the stage that it is in: conditions, actions, and where it goes from there. */
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ActionRun, Execution, StageStatus } from '../state.ts'
import { leaveConditions, lookAt, resultOf } from './conditions.ts'
import { currentRuns, stageRunOf } from './current-runs.ts'
import { endExecution } from './end-execution.ts'
import { publishStage } from './events.ts'
import { executionOf } from './execution-record.ts'
import { modeOf, stageOf, supersede } from './places.ts'
import { recordAction } from './record-action.ts'
import { changeExecution } from './records.ts'
import { retryStage } from './retry-stage.ts'
import { rollBackAutomatically } from './roll-back.ts'

/** Actions that one execution of a PARALLEL pipeline runs at the same time. */
const PARALLEL_ACTIONS = 5

type Run = (recorded: ActionRun) => void

/** Lets an execution do what it can in its stage; whether it did anything. */
export function proceed(ctx: Context, execution: Execution, run: Run): boolean {
  const stage = stageOf(execution)
  const runs = currentRuns(ctx, execution)
  const all = [...runs.values()]
  const busy = all.filter(({ status }) => status === 'InProgress').length
  const failed = all.some(({ status }) => status === 'Failed' || status === 'Abandoned')
  const done = stage.actions.every((action) => runs.get(action.name)?.status === 'Succeeded')
  if (execution.stop || execution.cancelled) {
    leaveConditions(ctx, execution, execution.stop ? 'Abandoned' : 'Cancelled')
    if (busy) return false
    const stageStatus = failed && !execution.stop ? 'Failed' : done ? 'Succeeded' : undefined
    return endExecution(ctx, current(ctx, execution), execution.stop ? 'Stopped' : 'Cancelled', stageStatus)
  }
  const entry = beforeEntry(ctx, execution, run)
  if (entry !== undefined) return entry
  if (failed) return !busy && fail(ctx, execution, run)
  if (done) return succeed(ctx, execution, run)
  const next = startable(execution, runs, busy)
  for (const action of next) run(recordAction(ctx, execution, stage.name, action))
  return next.length > 0
}

const current = (ctx: Context, { declaration, id }: Execution): Execution =>
  executionOf(ctx, declaration.name, id)!

/** Gives whether anything was done as long as the stage may not begin; undefined once it may. */
function beforeEntry(ctx: Context, execution: Execution, run: Run): boolean | undefined {
  const standing = lookAt(ctx, execution, 'beforeEntry', run)
  if (standing === 'none' || standing === 'met') return undefined
  if (standing !== 'unmet') return standing === 'begun'
  return resultOf(execution, 'beforeEntry') === 'SKIP'
    ? leave(ctx, current(ctx, execution), 'Skipped')
    : endExecution(ctx, current(ctx, execution), 'Failed')
}

/** AWS: an unmet condition on success fails the stage, and rolls it back where it says so. */
function succeed(ctx: Context, execution: Execution, run: Run): boolean {
  const standing = lookAt(ctx, execution, 'onSuccess', run)
  if (standing === 'begun' || standing === 'open') return standing === 'begun'
  if (standing !== 'unmet') return leave(ctx, current(ctx, execution), 'Succeeded')
  endExecution(ctx, current(ctx, execution), 'Failed')
  if (resultOf(execution, 'onSuccess') === 'ROLLBACK') rollBackAutomatically(ctx, current(ctx, execution))
  return true
}

/**
 * AWS: a stage that failed is retried once where it says so, also a source stage (stage-retry); rolled back where it says
 * so (stage-rollback-auto); or rolled back if its condition on failure is met, that is if all its rules succeed.
 */
function fail(ctx: Context, execution: Execution, run: Run): boolean {
  const { name, onFailure } = stageOf(execution)
  if (onFailure?.result === 'RETRY' && !stageRunOf(execution)?.autoRetries) {
    publishStage(ctx, execution, name, 'FAILED')
    const mode = onFailure.retryConfiguration?.retryMode
    retryStage(ctx, execution, name, { mode, by: 'AutomatedStageRetry' })
    return true
  }
  const standing = lookAt(ctx, execution, 'onFailure', run)
  if (standing === 'begun' || standing === 'open') return standing === 'begun'
  endExecution(ctx, current(ctx, execution), 'Failed')
  if (standing !== 'unmet' && resultOf(execution, 'onFailure') === 'ROLLBACK')
    rollBackAutomatically(ctx, current(ctx, execution))
  return true
}

/** AWS: actions of one run order start together, once all of lower run orders succeeded. */
function startable(execution: Execution, runs: ReadonlyMap<string, ActionRun>, busy: number) {
  const { actions } = stageOf(execution)
  const open = actions.filter((action) => runs.get(action.name)?.status !== 'Succeeded')
  const order = Math.min(...open.map((action) => action.runOrder ?? 1))
  const fresh = open.filter((action) => (action.runOrder ?? 1) === order && !runs.has(action.name))
  return modeOf(execution) === 'PARALLEL' ? fresh.slice(0, Math.max(0, PARALLEL_ACTIONS - busy)) : fresh
}

function leave(
  ctx: Context,
  execution: Execution,
  status: Extract<StageStatus, 'Succeeded' | 'Skipped'>,
): boolean {
  const { declaration, stage: index } = execution
  const { name: stage } = stageOf(execution)
  const last = index === declaration.stages.length - 1 || execution.type === 'ROLLBACK'
  if (last) return endExecution(ctx, execution, 'Succeeded', status)
  const left = changeExecution(ctx, declaration.name, execution.id, ({ stages }) => ({
    stages: { ...stages, [stage]: { ...entryOf(stages, stage)!, status } },
    stage: index + 1,
    waiting: true,
  }))
  if (status === 'Succeeded') publishStage(ctx, left, stage, 'SUCCEEDED')
  supersede(ctx, left)
  return true
}
