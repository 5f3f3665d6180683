/** Walking from state to state, to the end. */
import { holds } from './choices.ts'
import { placed, valueAt } from './paths.ts'
import type { End, Run } from './run.ts'
import { runTask } from './run-task.ts'
import { StateError } from './state-error.ts'
import { inputOf, leave, type Step, scopeOf, shaped, type Visit } from './visit.ts'

/** Runs a definition to its end. Errors: what the run's `pause` and `goOn` throw to end it early. */
export async function runStates(run: Run): Promise<End> {
  let name: string | undefined = run.definition.StartAt
  let data = run.input
  try {
    while (name !== undefined) {
      run.goOn()
      const visit: Visit = enter(run, name, data)
      const step: Step = await stepOf(visit)
      if (visit.state.Type !== 'Fail')
        run.record(`${visit.state.Type}StateExited`, {
          stateExitedEventDetails: { name, output: JSON.stringify(step.output) },
        })
      data = step.output
      name = step.next
    }
    return { status: 'SUCCEEDED', output: data }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { status: 'FAILED', error: error.error || undefined, cause: error.message || undefined }
  }
}

function enter(run: Run, name: string, raw: unknown): Visit {
  const state = run.definition.States[name]!
  run.record(`${state.Type}StateEntered`, { stateEnteredEventDetails: { name, input: JSON.stringify(raw) } })
  const EnteredTime = new Date(run.once('entered', () => run.now())).toISOString()
  return {
    run,
    name,
    state,
    raw,
    context: { ...run.context, State: { Name: name, EnteredTime, RetryCount: 0 } },
  }
}

async function stepOf(visit: Visit): Promise<Step> {
  switch (visit.state.Type) {
    case 'Task':
      return runTask(visit)
    case 'Wait':
      return wait(visit)
    case 'Choice':
      return choose(visit)
    case 'Fail':
      return fail(visit)
    case 'Pass':
      return leave(visit, pass(visit))
    default:
      return leave(visit, inputOf(visit))
  }
}

function pass(visit: Visit): unknown {
  const { Result, Parameters, ResultPath } = visit.state
  const input = inputOf(visit)
  const result = Result === undefined ? shaped(visit, Parameters, input) : Result
  return placed(input, result, ResultPath)
}

async function wait(visit: Visit): Promise<Step> {
  const { run } = visit
  const input = inputOf(visit)
  await run.pause(run.once('until', () => untilOf(visit, input)))
  return leave(visit, input)
}

function untilOf(visit: Visit, input: unknown): number {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = visit.state
  const at = (path: string) => valueAt(scopeOf(visit, input), path)
  const seconds = SecondsPath === undefined ? Seconds : at(SecondsPath)
  if (seconds !== undefined) {
    if (!Number.isInteger(seconds) || (seconds as number) < 0)
      throw new StateError('States.Runtime', `The seconds of the state ${visit.name} are no whole number`)
    return visit.run.now() + (seconds as number) * 1000
  }
  const time = Date.parse(String(TimestampPath === undefined ? Timestamp : at(TimestampPath)))
  if (Number.isNaN(time))
    throw new StateError('States.Runtime', `The timestamp of the state ${visit.name} is none`)
  return time
}

function choose(visit: Visit): Step {
  const { Choices = [], Default } = visit.state
  const input = inputOf(visit)
  const chosen = Choices.find((rule) => holds(rule, scopeOf(visit, input)))
  const next = chosen?.Next ?? Default
  if (next === undefined)
    throw new StateError('States.NoChoiceMatched', `No choice of the state ${visit.name} matched`)
  return { ...leave(visit, input), next }
}

function fail(visit: Visit): never {
  const { Error: error, ErrorPath, Cause, CausePath } = visit.state
  // AWS: a path or an intrinsic function, as in Parameters.
  const told = (plain = '', path?: string) =>
    path === undefined
      ? plain
      : String((shaped(visit, { 'told.$': path }, visit.raw) as { told: unknown }).told)
  throw new StateError(told(error, ErrorPath), told(Cause, CausePath))
}
