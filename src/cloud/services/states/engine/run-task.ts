/** Task states: what is done, tried again, or caught. */
import { entryOf } from '../../../../model/index.ts'
import type { Catcher, Retrier } from './asl.ts'
import { placed, valueAt } from './paths.ts'
import { isFunction } from './read-definition.ts'
import type { Task, TaskOutcome } from './run.ts'
import { StateError } from './state-error.ts'
import { inputOf, leave, type Step, scopeOf, shaped, type Visit } from './visit.ts'

/** Runs a task until it succeeds, is caught, or fails for good. Errors: StateError. */
export async function runTask(visit: Visit): Promise<Step> {
  const tries = new Map<Retrier, number>()
  for (;;) {
    try {
      return await once(visit)
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      const delay = delayOf(visit, error, tries)
      if (delay === undefined) return caught(visit, error)
      await visit.run.pause(visit.run.once('retry', () => visit.run.now() + delay))
      const state = visit.context.State as { RetryCount: number }
      visit.context.State = { ...state, RetryCount: state.RetryCount + 1 }
    }
  }
}

async function once(visit: Visit): Promise<Step> {
  const { run, state } = visit
  const input = inputOf(visit)
  const task: Task = {
    resource: state.Resource!,
    input: shaped(visit, state.Parameters, input),
    roleArn: roleOf(visit, input),
  }
  const seconds = timeoutOf(visit, input)
  const events = eventsOf(
    task.resource,
    String(entryOf(visit.context.StateMachine as object as Record<string, unknown>, 'Id')).split(':')[3] ??
      '',
  )
  run.record(...events.scheduled(task.input, seconds))
  run.record(...events.started())
  const outcome = await run.attempt(task, seconds)
  run.goOn()
  run.record(...events.ended(outcome))
  if (outcome.error !== undefined) throw new StateError(outcome.error, outcome.cause)
  const result = shaped(visit, state.ResultSelector, outcome.output)
  return leave(visit, placed(input, result, state.ResultPath))
}

function roleOf(visit: Visit, input: unknown): string | undefined {
  const { Credentials } = visit.state
  if (!Credentials) return undefined
  const { RoleArn } = shaped(visit, Credentials, input) as { RoleArn?: unknown }
  if (typeof RoleArn === 'string') return RoleArn
  throw new StateError('States.Runtime', 'Credentials must tell a RoleArn')
}

function timeoutOf(visit: Visit, input: unknown): number | undefined {
  const { TimeoutSeconds, TimeoutSecondsPath } = visit.state
  return TimeoutSecondsPath === undefined
    ? TimeoutSeconds
    : Number(valueAt(scopeOf(visit, input), TimeoutSecondsPath))
}

/** AWS: States.ALL is everything but these; States.TaskFailed everything but a timeout. */
const UNCAUGHT = ['States.DataLimitExceeded', 'States.Runtime']

const names = (wanted: readonly string[], error: string): boolean =>
  wanted.some(
    (one) =>
      one === error ||
      (one === 'States.ALL' && !UNCAUGHT.includes(error)) ||
      (one === 'States.TaskFailed' && !UNCAUGHT.includes(error) && error !== 'States.Timeout'),
  )

/** Milliseconds until the next try; undefined where there is none. AWS: 3 tries more, after 1, 2 and 4 seconds. */
function delayOf(
  { run, state: { Retry = [] } }: Visit,
  { error }: StateError,
  tries: Map<Retrier, number>,
): number | undefined {
  const retrier = Retry.find(({ ErrorEquals }) => names(ErrorEquals, error))
  if (!retrier) return undefined
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds, JitterStrategy } = retrier
  const done = tries.get(retrier) ?? 0
  if (done >= MaxAttempts) return undefined
  tries.set(retrier, done + 1)
  const seconds = Math.min(IntervalSeconds * BackoffRate ** done, MaxDelaySeconds ?? Number.POSITIVE_INFINITY)
  return JitterStrategy === 'FULL' ? run.once('jitter', () => Math.random() * seconds * 1000) : seconds * 1000
}

/** Errors: the one that nobody catches. */
function caught(visit: Visit, error: StateError): Step {
  const catcher: Catcher | undefined = visit.state.Catch?.find(({ ErrorEquals }) =>
    names(ErrorEquals, error.error),
  )
  if (!catcher) throw error
  const output = placed(visit.raw, { Error: error.error, Cause: error.message }, catcher.ResultPath)
  return { next: catcher.Next, output }
}

type Event = [type: string, details?: Record<string, Record<string, unknown>>]

/** AWS: a function named by its ARN has events of its own. */
function eventsOf(
  resource: string,
  region: string,
): {
  scheduled(input: unknown, seconds: number | undefined): Event
  started(): Event
  ended(outcome: TaskOutcome): Event
} {
  const [resourceType = '', name = ''] = resource.split(':').slice(-2)
  const of = isFunction(resource) ? {} : { resourceType, resource: name }
  const kind = isFunction(resource) ? 'LambdaFunction' : 'Task'
  const details = (ending: string, more: Record<string, unknown>): Event => [
    `${kind}${ending}`,
    { [`${kind[0]!.toLowerCase()}${kind.slice(1)}${ending}EventDetails`]: { ...of, ...more } },
  ]
  return {
    scheduled: (input, timeoutInSeconds) =>
      details('Scheduled', {
        ...(isFunction(resource)
          ? { resource, input: JSON.stringify(input) }
          : { region, parameters: JSON.stringify(input) }),
        timeoutInSeconds,
      }),
    started: () => (isFunction(resource) ? [`${kind}Started`] : details('Started', {})),
    ended: (outcome) =>
      outcome.error === undefined
        ? details('Succeeded', { output: JSON.stringify(outcome.output) })
        : details(outcome.error === 'States.Timeout' ? 'TimedOut' : 'Failed', {
            error: outcome.error,
            cause: entryOf(outcome, 'cause') || undefined,
          }),
  }
}
