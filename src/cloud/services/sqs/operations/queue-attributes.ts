/** GetQueueAttributes and SetQueueAttributes. */
import { AwsError } from '../../../../model/index.ts'
import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { toldAttributes, withAttributes } from '../engine/queue-attributes.ts'
import { readPolicy } from '../engine/read-policy.ts'
import { present } from '../engine/take-messages.ts'
import { ownQueue, queueKind } from '../kinds.ts'
import type { Queue } from '../state.ts'

/** AWS: what may be asked for, be it set or not. */
const KNOWN = new Set([
  'All',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
])

/** AWS: only what is asked for. Errors: InvalidAttributeName. */
export const GetQueueAttributes = operation({
  service: 'sqs',
  name: 'GetQueueAttributes',
  access: (input, ctx) => [queueKind.on(ctx, 'GetQueueAttributes', input.QueueUrl)],
  run: ({ QueueUrl, AttributeNames: names = [] }, ctx) => {
    const queue = queueKind.find(ctx, QueueUrl)
    if (!names.length) return {}
    const wrong = names.find((name) => !KNOWN.has(name))
    if (wrong !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${wrong}.`)
    const all = allOf(ctx, queue)
    if (names.includes('All')) return { Attributes: all }
    return {
      Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))),
    }
  },
})

function allOf(ctx: Context, queue: Queue): Record<string, string> {
  const now = ctx.cloud.clock.now()
  const messages = present(ctx, queue)
  const count = (wanted: (message: (typeof messages)[number]) => boolean) =>
    String(messages.filter(wanted).length)
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: count(({ visible }) => visible <= now),
    ApproximateNumberOfMessagesNotVisible: count(
      ({ visible, handle }) => visible > now && handle !== undefined,
    ),
    ApproximateNumberOfMessagesDelayed: count(({ visible, handle }) => visible > now && handle === undefined),
    CreatedTimestamp: seconds(queue.created),
    LastModifiedTimestamp: seconds(queue.modified),
    ...toldAttributes(queue),
    ...(queue.policy && { Policy: policyText(queue.policy, ctx.cloud.directory) }),
  }
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000))

/** AWS: FifoQueue is for the creation alone. */
export const SetQueueAttributes = operation({
  service: 'sqs',
  name: 'SetQueueAttributes',
  access: (input, ctx) => [queueKind.on(ctx, 'SetQueueAttributes', input.QueueUrl)],
  run: ({ QueueUrl, Attributes: given }, ctx) => {
    ownQueue(ctx, QueueUrl)
    const queue = queueKind.find(ctx, QueueUrl)
    if (given.FifoQueue !== undefined && given.FifoQueue !== queue.attributes.FifoQueue)
      throw new AwsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.')
    const attributes = withAttributes(queue.name, queue.attributes, given)
    const policy =
      given.Policy === undefined
        ? queue.policy
        : given.Policy === ''
          ? undefined
          : readPolicy(ctx, queue.arn, given.Policy)
    queueKind.change(ctx, QueueUrl, { attributes, policy, modified: ctx.cloud.clock.now() })
    return {}
  },
})
