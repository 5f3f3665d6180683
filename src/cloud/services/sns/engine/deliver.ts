/** Bringing one message to one subscriber. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AwsError } from '../../../../model/index.ts'
import { lambdaFunction, queue, type Sender, senderAs } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOver } from '../../../kernel/hand-over.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { Subscription } from '../state.ts'

/** A message as SNS writes it into a notification. */
export interface Notification {
  readonly Type: 'Notification' | 'SubscriptionConfirmation'
  readonly MessageId: string
  readonly TopicArn: string
  readonly Subject?: string
  readonly Message: string
  readonly Timestamp: string
  readonly Token?: string
  readonly SubscribeURL?: string
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>
}

interface Delivery {
  readonly subscription: Subscription
  readonly message: Notification
}

/**
 * A message owed to a subscriber. AWS: a delivery that fails is not the publisher's error.
 * There is no mail on a laptop: letters are files in `<cloud folder>/outbox`.
 */
export const delivery = handOver<Delivery>({
  name: 'sns.delivery',
  deliver: (ctx, { subscription, message }, id) => {
    if (subscription.protocol === 'lambda') return invoke(ctx, subscription, message)
    if (subscription.protocol === 'sqs') return enqueue(ctx, subscription, message)
    if (subscription.protocol.startsWith('email')) return writeLetter(ctx, subscription, message, id)
    return post(ctx, subscription, message)
  },
})

async function invoke(
  ctx: Context,
  { arn, endpoint, topicArn }: Subscription,
  message: Notification,
): Promise<void> {
  const event = {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns: message }],
  }
  // AWS: a function that does not let the topic invoke it simply gets nothing; the trail shows the denial.
  await lambdaFunction.send(senderFor(ctx, { topicArn, endpoint }), endpoint, { text: JSON.stringify(event) })
}

/** SNS as it delivers for a topic, in the endpoint's region. */
function senderFor(
  ctx: Context,
  { topicArn, endpoint }: Pick<Subscription, 'topicArn' | 'endpoint'>,
): Sender {
  const account = topicArn.split(':')[4] ?? ''
  const as = serviceIdentity(servicePrincipal('sns'), { arn: topicArn, account })
  return senderAs(ctx, as, endpoint.split(':')[3])
}

/** AWS: raw, the text and its attributes are the message's own. A queue whose policy does not let the topic send gets nothing. */
async function enqueue(ctx: Context, subscription: Subscription, message: Notification): Promise<void> {
  const { endpoint, rawMessageDelivery: raw } = subscription
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { Type, Value }]) => [
    name,
    {
      DataType: Type,
      ...(Type.startsWith('Binary') ? { BinaryValue: Buffer.from(Value, 'base64') } : { StringValue: Value }),
    },
  ])
  const sent = raw
    ? { text: message.Message, attributes: Object.fromEntries(attributes) }
    : { text: JSON.stringify(message) }
  await queue.send(senderFor(ctx, subscription), endpoint, sent)
}

async function writeLetter(
  ctx: Context,
  { endpoint, protocol }: Subscription,
  message: Notification,
  id: string,
): Promise<void> {
  const folder = join(ctx.cloud.folder, 'outbox')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const subject = (message.Subject ?? 'AWS Notification Message').replace(/[\r\n]+/g, ' ')
  const body = protocol === 'email-json' ? JSON.stringify(message, null, 2) : message.Message
  const lines = [
    'From: AWS Notifications <no-reply@sns.amazonaws.com>',
    `To: ${endpoint}`,
    `Subject: ${subject}`,
    `Date: ${ctx.cloud.clock.date().toUTCString()}`,
    `Message-ID: <${message.MessageId}@crossdock>`,
    '',
    body,
    '',
  ]
  // One name per delivery: a letter that is written again is the same letter.
  await writeFile(join(folder, `${message.MessageId}-${id}.eml`), lines.join('\r\n'), { mode: 0o600 })
}

async function post(ctx: Context, subscription: Subscription, message: Notification): Promise<void> {
  const raw = subscription.rawMessageDelivery && message.Type === 'Notification'
  const headers: Record<string, string> = {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': message.Type,
    'x-amz-sns-message-id': message.MessageId,
    'x-amz-sns-topic-arn': message.TopicArn,
    ...(message.Type === 'Notification' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
    ...(raw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  }
  const body = raw ? message.Message : JSON.stringify(message)
  const { signal } = ctx.cloud
  const { ok } = await fetch(subscription.endpoint, { method: 'POST', headers, body, signal }).catch(() => ({
    ok: false,
  }))
  if (!ok)
    throw new AwsError('EndpointUnavailable', 'The endpoint did not take the message.', { status: 503 })
}
