/** Publishing messages to a topic. */

import { AwsError, entryOf, readJson } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn } from '../../../kernel/hand-over.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { delivery, type Notification } from '../engine/deliver.ts'
import { wants } from '../engine/filter.ts'
import { subscriptionsOf } from '../engine/find.ts'
import { invalid } from '../engine/invalid.ts'
import { topicKind } from '../kinds.ts'
import type { Topic } from '../state.ts'

/** AWS: 256 KB for message and attributes together. */
const LIMIT = 262_144

type Message = Pick<
  Input<'sns', 'Publish'>,
  | 'Message'
  | 'Subject'
  | 'MessageStructure'
  | 'MessageAttributes'
  | 'MessageDeduplicationId'
  | 'MessageGroupId'
>

function check(input: Message): void {
  refuseUnsupported(input, ['MessageDeduplicationId', 'MessageGroupId'])
  if (!input.Message) throw invalid('Empty message')
  if (Buffer.byteLength(input.Message) > LIMIT) throw invalid('Message too long')
  if (input.Subject && (input.Subject.length > 100 || /[\r\n]/.test(input.Subject))) throw invalid('Subject')
  if (input.MessageStructure === 'json') textFor('default', input)
}

/** Hands a message to every subscription that wants it, in the background; gives the message's id. */
function send(ctx: Context, topic: Topic, input: Message): string {
  const MessageId = ctx.cloud.ids.uuid()
  const attributes = messageAttributes(input)
  const target = ctx.as(ctx.identity, { account: topic.arn.split(':')[4] ?? ctx.account })
  for (const subscription of subscriptionsOf(ctx, topic.arn).values()) {
    if (subscription.topicArn !== topic.arn || subscription.token) continue
    const message = textFor(subscription.protocol, input)
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
    handOn(target, delivery, { subscription, message: notification })
  }
  return MessageId
}

export const Publish = operation({
  service: 'sns',
  name: 'Publish',
  access: (input, ctx) => [topicKind.on(ctx, 'Publish', input.TopicArn ?? input.TargetArn ?? '')],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['PhoneNumber'])
    const topic = topicKind.find(ctx, input.TopicArn ?? input.TargetArn ?? '')
    check(input)
    await useKey(ctx, topic)
    return { MessageId: send(ctx, topic, input) }
  },
})

/** AWS: the permission is sns:Publish; entries that are refused are told beside those that are sent. */
export const PublishBatch = operation({
  service: 'sns',
  name: 'PublishBatch',
  access: (input, ctx) => [topicKind.on(ctx, 'Publish', input.TopicArn)],
  run: async (input, ctx) => {
    const topic = topicKind.find(ctx, input.TopicArn)
    const entries = input.PublishBatchRequestEntries
    if (!entries.length) throw new AwsError('EmptyBatchRequest', 'The batch request contains no entries.')
    if (entries.length > 10)
      throw new AwsError(
        'TooManyEntriesInBatchRequest',
        'The batch request contains more entries than permissible.',
      )
    if (new Set(entries.map((one) => one.Id)).size < entries.length)
      throw new AwsError(
        'BatchEntryIdsNotDistinct',
        'Two or more batch entries in the request have the same Id.',
      )
    await useKey(ctx, topic)
    const Successful: { Id: string; MessageId: string }[] = []
    const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = []
    for (const entry of entries) {
      try {
        check(entry)
        Successful.push({ Id: entry.Id, MessageId: send(ctx, topic, entry) })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true })
      }
    }
    return { Successful, Failed }
  },
})

/** How SNS names what KMS answers. */
const KEY_PROBLEMS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDenied',
  DisabledException: 'KMSDisabled',
  KMSInvalidStateException: 'KMSInvalidState',
  NotFoundException: 'KMSNotFound',
}

/** AWS: on an encrypted topic the publisher must be allowed to generate a data key and to decrypt it. */
async function useKey(ctx: Context, topic: Topic): Promise<void> {
  if (!topic.kmsMasterKeyId) return
  const EncryptionContext = { 'aws:sns:topicArn': topic.arn }
  const input = { KeyId: topic.kmsMasterKeyId, KeySpec: 'AES_256' as const, EncryptionContext }
  try {
    const { CiphertextBlob, KeyId } = await ctx.call('kms', 'GenerateDataKey', input)
    await ctx.call('kms', 'Decrypt', { CiphertextBlob: CiphertextBlob!, KeyId, EncryptionContext })
  } catch (error) {
    const code = error instanceof AwsError ? KEY_PROBLEMS[error.code] : undefined
    throw code === undefined ? error : new AwsError(code, (error as AwsError).message)
  }
}

function messageAttributes(input: Message): Notification['MessageAttributes'] & object {
  return Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64') },
    ]),
  )
}

/** AWS: with MessageStructure json each protocol may have its own text, and `default` is required. */
function textFor(protocol: string, input: Message): string {
  if (input.MessageStructure !== 'json') return input.Message
  let texts: Record<string, unknown>
  try {
    texts = readJson(input.Message) as Record<string, unknown>
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  if (typeof texts.default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body')
  const own = entryOf(texts, protocol)
  return typeof own === 'string' ? own : texts.default
}
