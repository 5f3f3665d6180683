/** Runs a function version once and writes what AWS writes around it into the log. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { FunctionVersion, StoredFunction } from '../state.ts'
import type { Invocation } from './function-process.ts'
import { invocationEnd, invocationStart } from './platform-log.ts'
import type { Warm } from './start-process.ts'
import { warmPool } from './warm-pool.ts'

/** Bytes that AWS hands back in LogResult, and of an answer. */
const TAIL = 4096
const ANSWER_LIMIT = 6_291_556

export interface Executed {
  /** JSON. */
  readonly payload: Buffer
  readonly failed: boolean
  /** The end of this invocation's log. */
  readonly tail: string
}

/**
 * Runs a version and gives its answer, also when the function fails.
 * Errors: TooManyRequestsException past the reserved concurrency, ResourceConflictException while the function is not
 * active, AccessDeniedException when its role cannot be assumed.
 */
export function execute(
  ctx: Context,
  stored: StoredFunction,
  version: FunctionVersion,
  invocation: Omit<Invocation, 'timeout'>,
): Promise<Executed> {
  if (version.state !== 'Active')
    throw new AwsError(
      'ResourceConflictException',
      'The operation cannot be performed at this time. The function is currently in the following state: ' +
        version.state,
    )
  const pool = warmPool(ctx.cloud)
  if (pool.concurrency(stored.arn) >= (stored.reservedConcurrency ?? Infinity))
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
    })
  return pool.use(ctx, stored, version, async (warm) => {
    const executed = await run(warm, version, invocation)
    if (executed.failed && !ctx.cloud.signal.aborted)
      ctx.cloud.failures.tell({
        what: `function ${stored.name} of ${stored.account} in ${stored.region}`,
        message: failureIn(executed.payload),
        log: version.logGroup,
      })
    return executed
  })
}

/** What a failed invocation's answer says. */
export function failureIn(payload: Uint8Array): string {
  const { errorType, errorMessage } = JSON.parse(Buffer.from(payload).toString())
  return [errorType, errorMessage].filter(Boolean).join(': ')
}

async function run(
  warm: Warm,
  version: FunctionVersion,
  invocation: Omit<Invocation, 'timeout'>,
): Promise<Executed> {
  const { log } = warm
  const { requestId } = invocation
  let tail = ''
  log.listener = (line) => {
    tail = `${tail}${line}\n`.slice(-TAIL)
  }
  for (const line of invocationStart(version, requestId)) log.line(line)
  const outcome = await warm.process.invoke({ ...invocation, timeout: version.timeout })
  for (const line of invocationEnd(version, requestId, outcome)) log.line(line)
  log.listener = undefined
  log.flush()
  if (outcome.payload.length <= ANSWER_LIMIT)
    return { payload: outcome.payload, failed: outcome.failed, tail }
  const payload = Buffer.from(
    JSON.stringify({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${ANSWER_LIMIT} bytes).`,
    }),
  )
  return { payload, failed: true, tail }
}
