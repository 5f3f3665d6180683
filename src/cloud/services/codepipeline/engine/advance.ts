/** Deciding what a pipeline's executions may do next: enter a stage, start actions, end. */
import { entryOf, type StageDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import {
  type ActionRun,
  actionRunsOf,
  type Execution,
  type ExecutionStatus,
  pipelines,
  type StageStatus,
} from '../state.ts'
import { publishPipeline, publishStage } from './events.ts'
import { executionOf } from './execution-record.ts'
import { activeExecutions, isActive } from './history.ts'
import { recordAction } from './record-action.ts'
import { changeExecution } from './records.ts'
import { runAction } from './run-action.ts'

/** Actions that one execution of a PARALLEL pipeline runs at the same time. */
const PARALLEL_ACTIONS = 5

/**
 * Lets every execution of a pipeline go as far as it can now. `ctx` acts as CodePipeline.
 * AWS: a stage holds one execution, whose failure or stop lets the next one in; PARALLEL has no such locks.
 */
export function advance(ctx: Context, pipeline: string): void {
  if (ctx.cloud.signal.aborted || !ctx.table(pipelines).has(pipeline)) return
  let moved = true
  while (moved) {
    moved = false
    for (const { id } of activeExecutions(ctx, pipeline)) {
      const execution = executionOf(ctx, pipeline, id)!
      if (!isActive(execution)) continue
      moved = (execution.waiting ? enter(ctx, execution) : proceed(ctx, execution)) || moved
    }
  }
}

const stageOf = (execution: Execution): StageDeclaration => execution.declaration.stages[execution.stage]!

const modeOf = ({ declaration }: Execution) => declaration.executionMode ?? 'SUPERSEDED'

/** Executions that wait in front of a stage, in order of arrival. */
const waitingAt = (ctx: Context, { declaration }: Execution, stage: string): Execution[] =>
  activeExecutions(ctx, declaration.name).filter((one) => one.waiting && stageOf(one).name === stage)

function enter(ctx: Context, execution: Execution): boolean {
  const { name: pipeline } = execution.declaration
  const { name: stage } = stageOf(execution)
  if (execution.stop || execution.cancelled)
    return end(ctx, execution, execution.stop ? 'Stopped' : 'Cancelled')
  if (entryOf(ctx.table(pipelines).get(pipeline)?.transitions, stage)?.enabled === false) return false
  if (modeOf(execution) !== 'PARALLEL') {
    const occupied = activeExecutions(ctx, pipeline).some(
      (one) => !one.waiting && stageOf(one).name === stage,
    )
    if (occupied || waitingAt(ctx, execution, stage)[0]?.id !== execution.id) return false
  }
  const entered = changeExecution(ctx, pipeline, execution.id, ({ stages }) => ({
    waiting: false,
    stages: {
      ...stages,
      [stage]: { status: 'InProgress', entered: ctx.cloud.clock.now(), actions: {}, manualRetries: 0 },
    },
  }))
  publishStage(ctx, entered, stage, 'STARTED')
  return true
}

/** Gives the current run of each action of the stage that an execution is in. */
function currentRuns(ctx: Context, execution: Execution): Map<string, ActionRun> {
  const table = ctx.table(actionRunsOf(execution.declaration.name))
  const ids = Object.entries(entryOf(execution.stages, stageOf(execution).name)?.actions ?? {})
  return new Map(ids.map(([action, id]) => [action, table.get(id)!]))
}

function proceed(ctx: Context, execution: Execution): boolean {
  const stage = stageOf(execution)
  const runs = currentRuns(ctx, execution)
  const all = [...runs.values()]
  const busy = all.filter((run) => run.status === 'InProgress').length
  const failed = all.some((run) => run.status === 'Failed' || run.status === 'Abandoned')
  const done = stage.actions.every((action) => runs.get(action.name)?.status === 'Succeeded')
  if (execution.stop || execution.cancelled || failed) {
    if (busy) return false
    const stageStatus = failed && !execution.stop ? 'Failed' : done ? 'Succeeded' : undefined
    return end(ctx, execution, endStatus(execution), stageStatus)
  }
  if (done) return leave(ctx, execution)
  const next = startable(execution, runs, busy)
  for (const action of next)
    runInBackground(ctx, recordAction(ctx, execution, stage.name, action), execution.declaration.name)
  return next.length > 0
}

/** Runs a recorded action; when it has ended the pipeline goes on. */
export function runInBackground(ctx: Context, run: ActionRun, pipeline: string): void {
  ctx.spawn(`${pipeline} ${run.stage} ${run.action}`, (background) =>
    runAction(background, pipeline, run.id, advance),
  )
}

const endStatus = ({ stop, cancelled }: Execution): 'Stopped' | 'Cancelled' | 'Failed' =>
  stop ? 'Stopped' : cancelled ? 'Cancelled' : 'Failed'

/** AWS: actions of one run order start together, once all of lower run orders succeeded. */
function startable(execution: Execution, runs: ReadonlyMap<string, ActionRun>, busy: number) {
  const { actions } = stageOf(execution)
  const open = actions.filter((action) => runs.get(action.name)?.status !== 'Succeeded')
  const order = Math.min(...open.map((action) => action.runOrder ?? 1))
  const fresh = open.filter((action) => (action.runOrder ?? 1) === order && !runs.has(action.name))
  return modeOf(execution) === 'PARALLEL' ? fresh.slice(0, Math.max(0, PARALLEL_ACTIONS - busy)) : fresh
}

function leave(ctx: Context, execution: Execution): boolean {
  const { declaration, stage: index } = execution
  const { name: stage } = stageOf(execution)
  const last = index === declaration.stages.length - 1 || execution.type === 'ROLLBACK'
  if (last) return end(ctx, execution, 'Succeeded', 'Succeeded')
  const left = changeExecution(ctx, declaration.name, execution.id, ({ stages }) => ({
    stages: { ...stages, [stage]: { ...entryOf(stages, stage)!, status: 'Succeeded' } },
    stage: index + 1,
    waiting: true,
  }))
  publishStage(ctx, left, stage, 'SUCCEEDED')
  supersede(ctx, left)
  return true
}

/** AWS: in front of a stage the newest execution replaces those that wait there, in SUPERSEDED mode only. */
export function supersede(ctx: Context, arrived: Execution): void {
  if (modeOf(arrived) !== 'SUPERSEDED') return
  const waiting = waitingAt(ctx, arrived, stageOf(arrived).name)
  for (const older of waiting.slice(0, -1)) {
    const statusSummary = `Superseded by the execution ${waiting.at(-1)!.id}`
    const ended = changeExecution(ctx, older.declaration.name, older.id, {
      status: 'Superseded',
      statusSummary,
    })
    publishPipeline(ctx, ended, 'SUPERSEDED')
  }
}

const EVENTS = {
  Stopped: 'STOPPED',
  Cancelled: 'CANCELED',
  Failed: 'FAILED',
  Succeeded: 'SUCCEEDED',
} as const

/** Ends an execution; the stage it is in ends likewise unless its status is given. */
function end(
  ctx: Context,
  execution: Execution,
  status: Extract<ExecutionStatus, keyof typeof EVENTS>,
  stageStatus: Extract<StageStatus, keyof typeof EVENTS> = status,
): boolean {
  const { name: stage } = stageOf(execution)
  const ended = changeExecution(ctx, execution.declaration.name, execution.id, ({ stages, waiting }) => {
    const run = waiting ? undefined : entryOf(stages, stage)
    return {
      status,
      statusSummary: summary(ctx, execution, status),
      stages: run ? { ...stages, [stage]: { ...run, status: stageStatus } } : stages,
    }
  })
  if (!execution.waiting) publishStage(ctx, ended, stage, EVENTS[stageStatus])
  publishPipeline(ctx, ended, EVENTS[status])
  return true
}

function summary(ctx: Context, execution: Execution, status: ExecutionStatus): string | undefined {
  if (status === 'Stopped') return execution.stop?.reason
  if (status !== 'Failed') return undefined
  const failed = [...currentRuns(ctx, execution).values()].find((run) => run.status === 'Failed')
  return failed
    ? `Action ${failed.action} in stage ${failed.stage} failed: ${failed.error?.message}`
    : undefined
}
