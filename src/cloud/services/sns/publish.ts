/** Publishing a message to a topic. */
import type { Input } from '../../api.ts'
import type { Context } from '../../context.ts'
import { operation } from '../../operation.ts'
import { refuseUnsupported } from '../../unsupported.ts'
import { deliver, type Notification } from './deliver.ts'
import { wants } from './filter.ts'
import { findTopic, invalid, onTopic, subscriptionsOf } from './find.ts'
import type { Subscription, Topic } from './state.ts'

/** AWS: 256 KB for message and attributes together. */
const LIMIT = 262_144

export const Publish = operation({
  service: 'sns',
  name: 'Publish',
  access: (input, ctx) => onTopic(ctx, 'Publish', input.TopicArn ?? input.TargetArn ?? ''),
  run: async (input, ctx) => {
    refuseUnsupported(input, ['PhoneNumber', 'MessageDeduplicationId', 'MessageGroupId'])
    const topic = findTopic(ctx, input.TopicArn ?? input.TargetArn ?? '')
    if (!input.Message) throw invalid('Empty message')
    if (Buffer.byteLength(input.Message) > LIMIT) throw invalid('Message too long')
    if (input.Subject && (input.Subject.length > 100 || /[\r\n]/.test(input.Subject)))
      throw invalid('Subject')
    await useKey(ctx, topic)
    const MessageId = ctx.cloud.ids.uuid()
    const attributes = messageAttributes(input)
    const owner = topic.arn.split(':')[4] ?? ctx.account
    for (const subscription of subscriptionsOf(ctx, topic.arn).values()) {
      if (subscription.topicArn !== topic.arn || subscription.token) continue
      const message = messageFor(subscription, input)
      if (!wants(subscription, { message, attributes })) continue
      const notification: Notification = {
        Type: 'Notification',
        MessageId,
        TopicArn: topic.arn,
        Subject: input.Subject,
        Message: message,
        Timestamp: ctx.cloud.clock.date().toISOString(),
        MessageAttributes: attributes,
      }
      const target = ctx.as(ctx.identity, { account: owner })
      ctx.spawn('delivery', () => deliver(target, subscription, notification))
    }
    return { MessageId }
  },
})

/** AWS: on an encrypted topic the publisher must be allowed to generate a data key and to decrypt it. */
async function useKey(ctx: Context, topic: Topic): Promise<void> {
  if (!topic.kmsMasterKeyId) return
  const EncryptionContext = { 'aws:sns:topicArn': topic.arn }
  const { CiphertextBlob, KeyId } = await ctx.call('kms', 'GenerateDataKey', {
    KeyId: topic.kmsMasterKeyId,
    KeySpec: 'AES_256',
    EncryptionContext,
  })
  await ctx.call('kms', 'Decrypt', { CiphertextBlob: CiphertextBlob!, KeyId, EncryptionContext })
}

function messageAttributes(input: Input<'sns', 'Publish'>): Notification['MessageAttributes'] & object {
  return Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
    ]),
  )
}

/** AWS: with MessageStructure json each protocol may have its own text, and `default` is required. */
function messageFor({ protocol }: Subscription, input: Input<'sns', 'Publish'>): string {
  if (input.MessageStructure !== 'json') return input.Message
  let texts: Record<string, unknown>
  try {
    texts = JSON.parse(input.Message) as Record<string, unknown>
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  if (typeof texts.default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body')
  const own = texts[protocol]
  return typeof own === 'string' ? own : texts.default
}
