/** A pipeline's executions in the orders that are asked for, so that nothing looks through those that ended long ago. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ActionRun, actionRunsOf, type Execution, executionsOf } from '../state.ts'
import { executionOf, storeExecution } from './execution-record.ts'

/** Whether an execution has not ended. */
export const isActive = ({ status }: Pick<Execution, 'status'>): boolean =>
  status === 'InProgress' || status === 'Stopping'

/** Made of the records when first asked for, and kept by whoever puts one. */
class History {
  /** Ids in order of arrival. */
  readonly executions: string[] = []
  readonly active = new Set<string>()
  /** Ids of executions by the client's token that they were started with. */
  readonly tokens = new Map<string, string>()
  /** The execution that entered each stage last. */
  readonly latest = new Map<string, { readonly id: string; readonly entered: number }>()
  /** Ids of action executions in the order of their start. */
  readonly runs: string[] = []
  /** Ids of executions of rules in the order of their start. */
  readonly ruleRuns: string[] = []
  /** The latest execution of each action, by stage and action. */
  readonly latestRuns = new Map<string, string>()

  addExecution({ id, clientRequestToken: token }: Pick<Execution, 'id' | 'clientRequestToken'>): void {
    this.executions.push(id)
    if (token !== undefined && !this.tokens.has(token)) this.tokens.set(token, id)
  }

  /** Takes note of how an execution stands now. */
  note(execution: Pick<Execution, 'id' | 'status' | 'stages'>): void {
    const { id, stages } = execution
    if (isActive(execution)) this.active.add(id)
    else this.active.delete(id)
    for (const [stage, { entered }] of Object.entries(stages))
      if (entered >= (this.latest.get(stage)?.entered ?? 0)) this.latest.set(stage, { id, entered })
  }

  addRun({ id, stage, action, condition }: ActionRun): void {
    if (condition) {
      this.ruleRuns.push(id)
      return
    }
    this.runs.push(id)
    this.latestRuns.set(placeOf(stage, action), id)
  }
}

const placeOf = (stage: string, action: string): string => JSON.stringify([stage, action])

/** By account, region and pipeline. */
const histories = part({ name: 'histories of pipelines', make: () => new Map<string, History>() })

const keyOf = (ctx: Context, pipeline: string): string => `${ctx.account}/${ctx.region}/${pipeline}`

function historyOf(ctx: Context, pipeline: string): History {
  const all = ctx.cloud.part(histories)
  const key = keyOf(ctx, pipeline)
  const known = all.get(key)
  if (known) return known
  const made = new History()
  all.set(key, made)
  const executions = ctx.table(executionsOf(pipeline)).values()
  for (const one of executions.sort((a, b) => a.number - b.number)) {
    made.addExecution(one)
    made.note(one)
  }
  const runs = ctx.table(actionRunsOf(pipeline)).values()
  for (const one of runs.sort((a, b) => a.started - b.started)) made.addRun(one)
  return made
}

/** Puts the record of a new or changed execution. */
export function putExecution(ctx: Context, execution: Execution): void {
  const { name } = execution.declaration
  const history = historyOf(ctx, name)
  if (!ctx.table(executionsOf(name)).has(execution.id)) history.addExecution(execution)
  history.note(execution)
  storeExecution(ctx, execution)
}

/** Puts the record of a new or changed action execution. */
export function putRun(ctx: Context, pipeline: string, run: ActionRun): void {
  const table = ctx.table(actionRunsOf(pipeline))
  const history = historyOf(ctx, pipeline)
  if (!table.has(run.id)) history.addRun(run)
  table.put(run.id, compact(run))
}

/**
 * The same record as one literal. V8 gives each object that was spread into another a shape of its own, which takes more
 * memory than the record, and there are many of these.
 */
const compact = (run: ActionRun) =>
  ({
    id: run.id,
    executionId: run.executionId,
    stage: run.stage,
    action: run.action,
    condition: run.condition,
    status: run.status,
    started: run.started,
    updated: run.updated,
    updatedBy: run.updatedBy,
    resolved: run.resolved,
    inputs: run.inputs,
    outputs: run.outputs,
    variables: run.variables,
    external: run.external,
    error: run.error,
    progress: run.progress,
  }) satisfies ActionRun & Record<keyof ActionRun, unknown>

/** Removes all records of a pipeline's executions; gives the ids of the executions of its actions and rules. */
export function removeHistory(ctx: Context, pipeline: string): readonly string[] {
  const { executions, runs: ofActions, ruleRuns } = historyOf(ctx, pipeline)
  const runs = [...ofActions, ...ruleRuns]
  for (const id of executions) ctx.table(executionsOf(pipeline)).delete(id)
  for (const id of runs) ctx.table(actionRunsOf(pipeline)).delete(id)
  ctx.cloud.part(histories).delete(keyOf(ctx, pipeline))
  return runs
}

/** Gives the executions of a pipeline that have not ended, in order of arrival. */
export function activeExecutions(ctx: Context, pipeline: string): Execution[] {
  const active = [...historyOf(ctx, pipeline).active]
  return active.flatMap((id) => executionOf(ctx, pipeline, id) ?? []).sort((a, b) => a.number - b.number)
}

/** Gives a pipeline's executions, newest first. */
export const executionsBackwards = (ctx: Context, pipeline: string): Iterable<Execution> =>
  backwards(historyOf(ctx, pipeline).executions, (id) => executionOf(ctx, pipeline, id)!)

/** Gives a pipeline's action executions, newest first. */
export const runsBackwards = (ctx: Context, pipeline: string): Iterable<ActionRun> =>
  backwards(historyOf(ctx, pipeline).runs, (id) => ctx.table(actionRunsOf(pipeline)).get(id)!)

/** Gives the executions of a pipeline's rules, newest first. */
export const ruleRunsBackwards = (ctx: Context, pipeline: string): Iterable<ActionRun> =>
  backwards(historyOf(ctx, pipeline).ruleRuns, (id) => ctx.table(actionRunsOf(pipeline)).get(id)!)

/** Gives the action executions of one execution, newest first. */
export const runsOf = (ctx: Context, execution: Execution): Iterable<ActionRun> =>
  ofExecution(runsBackwards(ctx, execution.declaration.name), execution)

/** Gives the executions of rules of one execution, newest first. */
export const ruleRunsOf = (ctx: Context, execution: Execution): Iterable<ActionRun> =>
  ofExecution(ruleRunsBackwards(ctx, execution.declaration.name), execution)

function* ofExecution(runs: Iterable<ActionRun>, { id, started }: Execution): Iterable<ActionRun> {
  for (const run of runs) {
    // None of its actions began before it did.
    if (run.started < started) return
    if (run.executionId === id) yield run
  }
}

function* backwards<T>(ids: readonly string[], get: (id: string) => T): Iterable<T> {
  for (let at = ids.length - 1; at >= 0; at--) yield get(ids[at]!)
}

/** Gives the execution that was started with a client's token. */
export function startedWith(ctx: Context, pipeline: string, token: string): Execution | undefined {
  const id = historyOf(ctx, pipeline).tokens.get(token)
  return id === undefined ? undefined : executionOf(ctx, pipeline, id)
}

/** Gives the execution that entered a stage last. */
export function latestIn(ctx: Context, pipeline: string, stage: string): Execution | undefined {
  const latest = historyOf(ctx, pipeline).latest.get(stage)
  return latest && executionOf(ctx, pipeline, latest.id)
}

/** Gives the latest execution of an action. */
export function latestRunOf(
  ctx: Context,
  pipeline: string,
  stage: string,
  action: string,
): ActionRun | undefined {
  const id = historyOf(ctx, pipeline).latestRuns.get(placeOf(stage, action))
  return id === undefined ? undefined : ctx.table(actionRunsOf(pipeline)).get(id)
}
