/** Executions of standard state machines: begun, run on after pauses and kills, ended once. */
import { type Arn, AwsError, readJson } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { forgetJournal, Journal, journals } from '../../../kernel/journal.ts'
import { executionEnded } from '../../../kernel/service-events.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'
import { type Execution, executions, historyOf } from '../state.ts'
import { contextObject } from './context-object.ts'
import { doTask } from './do-task.ts'
import { publishStatus } from './publish-status.ts'
import { definitionOf } from './read-definition.ts'
import type { End, Run } from './run.ts'
import { runStates } from './run-states.ts'
import { forMachine, machineSessions } from './sessions.ts'
import { StateError } from './state-error.ts'

/** AWS: events in the history of one execution. */
const EVENTS = 25_000
/** What ends a run of an execution that goes on later, or not at all. */
const SUSPENDED = Symbol('suspended')

const journalOf = (arn: Arn): string => `states ${arn}`
const timeoutOf = (arn: Arn): string => `states timeout ${arn}`

/** A context of the execution's account and region, in which Step Functions acts by itself. */
const ownContext = (ctx: Context, { machine }: Execution): Context => ctx.as(forMachine(ctx, machine))

/** Records an execution, and runs it. */
export function beginExecution(caller: Context, execution: Execution): void {
  const ctx = ownContext(caller, execution)
  ctx.table(executions).put(execution.arn, execution)
  const { input, roleArn } = execution
  recorderOf(ctx, execution.arn)('ExecutionStarted', { executionStartedEventDetails: { input, roleArn } })
  publishStatus(ctx, execution)
  limit(ctx, execution)
  runInBackground(ctx, execution)
}

/** AWS: a definition's TimeoutSeconds is for the whole execution. */
function limit(ctx: Context, { arn, definition, started }: Execution): void {
  const { TimeoutSeconds } = definitionOf(definition)
  if (TimeoutSeconds !== undefined)
    setTimer(ctx.cloud, timeoutOf(arn), started + TimeoutSeconds * 1000, () =>
      endExecution(ctx, arn, 'TIMED_OUT', { error: 'States.Timeout' }),
    )
}

function runInBackground(ctx: Context, execution: Execution): void {
  ctx.spawn(`states ${execution.name}`, (background) => runExecution(background, execution))
}

async function runExecution(ctx: Context, execution: Execution): Promise<void> {
  const { arn } = execution
  try {
    const end = await runStates(durableRun(ctx, execution))
    const { status, ...rest } = end
    endExecution(ctx, arn, status, outcomeOf(rest as never))
  } catch (error) {
    if (error === SUSPENDED || ctx.cloud.signal.aborted) return
    ctx.cloud.bug('states execution', error)
    endExecution(ctx, arn, 'FAILED', { error: 'States.Runtime', cause: 'An internal error occurred' })
  }
}

const outcomeOf = ({ output, error, cause }: { output?: unknown; error?: string; cause?: string }) => ({
  output: output === undefined ? undefined : JSON.stringify(output),
  error,
  cause,
})

function durableRun(ctx: Context, execution: Execution): Run {
  const { arn, machine, roleArn } = execution
  const journal = new Journal(ctx.table(journals), journalOf(arn), () => !ctx.cloud.signal.aborted)
  const sessions = machineSessions(ctx, machine, roleArn)
  const goOn = () => {
    if (ctx.table(executions).get(arn)?.status !== 'RUNNING' || ctx.cloud.signal.aborted) throw SUSPENDED
  }
  return {
    definition: definitionOf(execution.definition),
    input: readJson(execution.input),
    context: contextObject(execution),
    now: () => ctx.cloud.clock.now(),
    uuid: () => ctx.cloud.ids.uuid(),
    once: (name, make) => journal.once(name, make),
    attempt: (task, seconds) => journal.step('task', () => doTask(ctx, sessions, task, seconds)),
    pause: async (until) => {
      if (ctx.cloud.clock.now() >= until) return
      // It is run again from its beginning then: what was done so far is known.
      setTimer(ctx.cloud, journalOf(arn), until, () => runInBackground(ctx, execution))
      throw SUSPENDED
    },
    record: recorderOf(ctx, arn, 1),
    goOn,
  }
}

/** Numbers events from the one after `before`; what is there already was written by a run before. */
function recorderOf(ctx: Context, arn: Arn, before = 0): Run['record'] {
  const table = ctx.table(historyOf(arn))
  let count = before
  return (type, details = {}) => {
    count++
    if (count > EVENTS)
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${EVENTS})`,
      )
    if (!table.has(String(count)))
      table.put(String(count), { timestamp: ctx.cloud.clock.now(), type, details })
  }
}

const ENDED = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
} as const

/** Ends an execution that is running; one that has ended stays as it is. */
export function endExecution(
  ctx: Context,
  arn: Arn,
  status: keyof typeof ENDED,
  outcome: Partial<Pick<Execution, 'output' | 'error' | 'cause'>>,
): void {
  const now = ctx.table(executions).get(arn)
  if (now?.status !== 'RUNNING') return
  const ended: Execution = { ...now, ...outcome, status, stopped: ctx.cloud.clock.now() }
  ctx.table(executions).put(arn, ended)
  const table = ctx.table(historyOf(arn))
  const { output, error, cause } = outcome
  const details = status === 'SUCCEEDED' ? { output } : { error, cause }
  table.put(String(table.size + 1), {
    timestamp: ended.stopped!,
    type: `Execution${ENDED[status]}`,
    details: { [`execution${ENDED[status]}EventDetails`]: details },
  })
  cancelTimer(ctx.cloud, timeoutOf(arn))
  cancelTimer(ctx.cloud, journalOf(arn))
  forgetJournal(ctx.table(journals), journalOf(arn))
  publishStatus(ctx, ended)
  ctx.cloud.bus.emit(executionEnded, { execution: arn })
}

/** Goes on with what ran when the cloud ended. */
export function resumeExecutions(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(executions))
    for (const execution of table.values().filter(({ status }) => status === 'RUNNING')) {
      const ctx = ownContext(context({ identity: anonymousIdentity, account, region }), execution)
      limit(ctx, execution)
      runInBackground(ctx, execution)
    }
}

/** Gives an execution's result at once. AWS: an express execution is kept nowhere; it may take 5 minutes. */
export async function runAtOnce(caller: Context, execution: Execution): Promise<End & { stopped: number }> {
  const ctx = ownContext(caller, execution)
  const { clock, signal, ids } = ctx.cloud
  const definition = definitionOf(execution.definition)
  const end = execution.started + Math.min(definition.TimeoutSeconds ?? EXPRESS, EXPRESS) * 1000
  const sessions = machineSessions(ctx, execution.machine, execution.roleArn)
  const goOn = () => {
    if (clock.now() >= end) throw new StateError('States.Timeout')
    if (signal.aborted) throw new AwsError('ServiceUnavailable', 'The cloud is stopping', { status: 503 })
  }
  const done = await runStates({
    definition,
    input: readJson(execution.input),
    context: contextObject(execution),
    now: () => clock.now(),
    uuid: () => ids.uuid(),
    once: (_name, make) => make(),
    attempt: (task, seconds) => doTask(ctx, sessions, task, seconds),
    pause: async (until) => {
      await clock.sleep(Math.max(0, Math.min(until, end) - clock.now()), signal)
      goOn()
    },
    record: () => undefined,
    goOn,
  })
  return { ...done, stopped: clock.now() }
}

/** Seconds. */
const EXPRESS = 300
