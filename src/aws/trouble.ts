/** What can go wrong with a call apart from what AWS means to answer, and how a user is told. */

export interface Trouble {
  /**
   * `throttled`: too many calls. `unanswered`: no answer, half of one, or the server's own failure; another try may
   * bring it. `stranger`: what listens there is not AWS, and no try will change that.
   */
  readonly kind: 'throttled' | 'unanswered' | 'stranger'
  /** In words, after "AWS CloudFormation in 222222222222/us-east-1". */
  readonly words: string
  /** Nothing is there at all. */
  readonly absent?: boolean
  /** Milliseconds that the server asks to be left alone. */
  readonly retryAfter?: number
}

/** As the SDK throws what it got: an exception of the service's, a broken answer, or an error of the system's. */
interface Thrown extends Error {
  readonly code?: string
  readonly $fault?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> }
  readonly cause?: unknown
}

/**
 * AWS: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html. Without LimitExceededException,
 * which CodePipeline, IAM and CloudFormation answer when a quota is full: waiting does not help there.
 */
const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])

const BROKEN: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens',
  ECONNRESET: 'the connection breaks',
  EPIPE: 'the connection breaks',
  ETIMEDOUT: 'no connection comes about',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
}

/** Node: codes of OpenSSL's and of the HTTP parser's errors, and of certificates. */
const STRANGE: readonly [RegExp, string][] = [
  [/^(EPROTO|ERR_SSL_)/, 'it does not speak TLS'],
  [/^HPE_/, 'it does not speak HTTP'],
  [/CERT|SIGNATURE|ERR_TLS_/, 'its certificate is not trusted'],
]

/** Gives what is the matter with a call, or undefined where AWS has answered what it means. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined
  const thrown = error as Thrown
  const status = thrown.$metadata?.httpStatusCode ?? thrown.$response?.statusCode
  if (status === 429 || THROTTLED.has(thrown.name))
    return {
      kind: 'throttled',
      words: `throttles: ${saidBy(thrown, status)}`,
      retryAfter: retryAfterOf(thrown),
    }
  const code = thrown.code ?? (thrown.cause as Thrown | undefined)?.code ?? ''
  const strange = STRANGE.find(([pattern]) => pattern.test(code))
  if (strange) return { kind: 'stranger', words: `does not answer: ${strange[1]} (${code})` }
  if (BROKEN[code])
    return {
      kind: 'unanswered',
      words: `does not answer: ${BROKEN[code]}`,
      absent: code === 'ECONNREFUSED' || code === 'ENOTFOUND',
    }
  if (thrown.name === 'TimeoutError') return { kind: 'unanswered', words: 'does not answer: it stays silent' }
  return status === undefined ? undefined : troubleOfAnswer(thrown, status)
}

function troubleOfAnswer(thrown: Thrown, status: number): Trouble | undefined {
  if ([500, 502, 503, 504].includes(status))
    return {
      kind: 'unanswered',
      words: `fails: ${saidBy(thrown, status)}`,
      retryAfter: retryAfterOf(thrown),
    }
  // The SDK could not read it, or has found no name in it: only what AWS means to answer has one.
  const unread = thrown.$fault === undefined || /^Unknown(Error)?$/.test(thrown.name)
  if (!unread) return undefined
  if (status < 300 || thrown.$metadata?.requestId !== undefined)
    return { kind: 'unanswered', words: 'does not answer: its answer is cut short' }
  return { kind: 'stranger', words: `does not answer as AWS does: ${saidBy(thrown, status)}` }
}

/** Where an answer came that claims success, says why it is none. AWS: every answer has its request's id. */
export function troubleOfSuccess(answer: {
  readonly requestId: string | undefined
  readonly length: string | undefined
  /** The query protocol answers every call with a document. */
  readonly query: boolean
}): Trouble | undefined {
  if (answer.requestId === undefined)
    return { kind: 'stranger', words: 'does not answer as AWS does: the answer has no request id' }
  if (answer.query && answer.length === '0')
    return { kind: 'unanswered', words: 'does not answer: its answer is cut short' }
  return undefined
}

/** The server's own words where it has any that can be read. */
function saidBy(thrown: Thrown, status: number | undefined): string {
  const readable = thrown.$fault !== undefined && !/^Unknown(Error)?$/.test(thrown.message)
  return readable ? thrown.message : `HTTP ${status}`
}

function retryAfterOf({ $response }: Thrown): number | undefined {
  const seconds = Number($response?.headers?.['retry-after'])
  return seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined
}
