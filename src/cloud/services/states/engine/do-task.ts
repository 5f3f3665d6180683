/** Doing a task: a function is invoked, under the machine's role or the task's own. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { isFunction } from './read-definition.ts'
import type { Task, TaskOutcome } from './run.ts'
import type { MachineSessions } from './sessions.ts'
import { StateError } from './state-error.ts'

/** Gives what a task came to. AWS: what takes longer than its timeout has failed with States.Timeout, whatever it does yet. */
export async function doTask(
  ctx: Context,
  sessions: MachineSessions,
  task: Task,
  timeoutSeconds: number | undefined,
): Promise<TaskOutcome> {
  const work = outcomeOf(ctx, sessions, task)
  if (timeoutSeconds === undefined) return work
  const timeout = new AbortController()
  const late = ctx.cloud.clock
    .sleep(timeoutSeconds * 1000, AbortSignal.any([timeout.signal, ctx.cloud.signal]))
    .then((): TaskOutcome => ({ error: 'States.Timeout', cause: '' }))
  return Promise.race([work, late]).finally(() => timeout.abort())
}

async function outcomeOf(ctx: Context, sessions: MachineSessions, task: Task): Promise<TaskOutcome> {
  try {
    const as = await sessions.session(task.roleArn)
    return isFunction(task.resource) ? await invokePlain(ctx, as, task) : await invoke(ctx, as, task.input)
  } catch (error) {
    if (error instanceof StateError) return { error: error.error, cause: error.message }
    if (!(error instanceof AwsError) || ctx.cloud.signal.aborted) throw error
    return { error: errorName(error), cause: error.message }
  }
}

/** AWS: a denial has the name of no error of Lambda's own. */
const errorName = ({ code, status }: AwsError): string =>
  `Lambda.${status === 403 ? 'AWSLambdaException' : code}`

async function invokePlain(ctx: Context, as: Identity, { resource, input }: Task): Promise<TaskOutcome> {
  const answer = await call(ctx, as, { FunctionName: resource, Payload: bytes(input) })
  return answer.failed ?? { output: answer.payload }
}

const PARAMETERS = ['FunctionName', 'Payload', 'InvocationType', 'Qualifier', 'ClientContext', 'LogType']

async function invoke(ctx: Context, as: Identity, given: unknown): Promise<TaskOutcome> {
  const parameters = given as Readonly<Record<string, unknown>>
  const unknown = Object.keys(parameters).find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined || typeof parameters.FunctionName !== 'string')
    throw new StateError(
      'States.Runtime',
      unknown === undefined
        ? 'The parameter FunctionName is missing'
        : `The parameter ${unknown} is not known`,
    )
  const { Payload, ...rest } = parameters
  const answer = await call(ctx, as, {
    ...(rest as { FunctionName: Arn }),
    Payload: Payload === undefined ? undefined : bytes(Payload),
  })
  const { ExecutedVersion, StatusCode } = answer
  return answer.failed ?? { output: { ExecutedVersion, Payload: answer.payload ?? null, StatusCode } }
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value)) as never

async function call(ctx: Context, as: Identity, input: Input<'lambda', 'Invoke'>) {
  const { Payload, FunctionError, ...rest } = await ctx.call('lambda', 'Invoke', input, {
    as,
    invokedBy: 'states',
  })
  const text = Payload ? Buffer.from(Payload as Uint8Array).toString() : ''
  const payload: unknown = text ? JSON.parse(text) : undefined
  return { ...rest, payload, failed: FunctionError ? failureOf(payload, text) : undefined }
}

/** AWS: an error is called what the function calls it, and its cause is all that the function told. */
function failureOf(payload: unknown, text: string): TaskOutcome {
  const { errorType } = (payload ?? {}) as { errorType?: unknown }
  return { error: typeof errorType === 'string' ? errorType : 'Lambda.Unknown', cause: text }
}
