/**
 * The attributes of a topic that say how messages are delivered and what is told of it (API_SetTopicAttributes). They are
 * kept and answered; deliveries of the cloud are neither traced nor logged, and tried again as every hand-over is.
 */
import { readJson } from '../../../../model/index.ts'
import { invalid } from './invalid.ts'

const ENDPOINTS = ['Application', 'Firehose', 'HTTP', 'Lambda', 'SQS']

const oneOf = (...values: string[]) => [new RegExp(`^(${values.join('|')})$`), values.join(' or ')] as const
const ROLE = [/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'the ARN of a role'] as const
const RATE = [/^(\d|[1-9]\d|100)$/, 'a number from 0 to 100'] as const

const TEXTS: Readonly<Record<string, readonly [RegExp, string]>> = {
  TracingConfig: oneOf('PassThrough', 'Active'),
  SignatureVersion: oneOf('1', '2'),
  ...Object.fromEntries(
    ENDPOINTS.flatMap((one) => [
      [`${one}SuccessFeedbackRoleArn`, ROLE],
      [`${one}SuccessFeedbackSampleRate`, RATE],
      [`${one}FailureFeedbackRoleArn`, ROLE],
    ]),
  ),
}

/** What may be set beside policy, name and key. */
export const TOPIC_SETTINGS: readonly string[] = ['DeliveryPolicy', ...Object.keys(TEXTS)]

/** Refuses a value that its setting cannot have. Errors: InvalidParameter. */
export function checkSetting(name: string, value: string): void {
  const [pattern, wanted] = TEXTS[name] ?? []
  if (value && pattern && !pattern.test(value)) throw invalid(`${name} Reason: must be ${wanted}`)
  if (name === 'DeliveryPolicy' && value) deliveryPolicy(value)
}

interface DeliveryPolicy {
  readonly http?: Readonly<Record<string, unknown>>
}

function deliveryPolicy(text: string): DeliveryPolicy {
  let policy: unknown
  try {
    policy = readJson(text)
  } catch {
    throw invalid('DeliveryPolicy: failed to parse JSON.')
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw invalid('DeliveryPolicy: must be a JSON object')
  return policy as DeliveryPolicy
}

/** AWS: what a topic has that nobody gave a policy, as GetTopicAttributes answers it (sns-message-delivery-retries.html). */
const DEFAULT_HTTP = {
  defaultHealthyRetryPolicy: {
    ...{ minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3, numMaxDelayRetries: 0 },
    ...{ numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear' },
  },
  disableSubscriptionOverrides: false,
}

/** Gives the policy that deliveries over HTTP follow, as JSON: what was set, and the defaults for the rest. */
export const effectiveDeliveryPolicy = (set: string | undefined): string =>
  JSON.stringify({ http: { ...DEFAULT_HTTP, ...(set ? deliveryPolicy(set).http : {}) } })
