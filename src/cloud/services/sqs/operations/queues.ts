/** CreateQueue, GetQueueUrl, ListQueues, ListDeadLetterSourceQueues, PurgeQueue and DeleteQueue. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { redriveOf, withAttributes } from '../engine/queue-attributes.ts'
import { readPolicy } from '../engine/read-policy.ts'
import { badAttribute, invalidValue } from '../engine/refuse.ts'
import { messagesOf } from '../engine/take-messages.ts'
import { named, ownQueue, queueArn, queueKind, queueUrl } from '../kinds.ts'
import { messageKey, messagesIn, type Queue, queues } from '../state.ts'

/** AWS: one with the same attributes is given as it is. Errors: QueueNameExists, InvalidParameterValue. */
export const CreateQueue = operation({
  service: 'sqs',
  name: 'CreateQueue',
  access: (input, ctx) =>
    queueKind.onNew(ctx, 'CreateQueue', named(ctx.account, input.QueueName), input.tags),
  run: ({ QueueName: name, Attributes: given = {}, tags = {} }, ctx) => {
    checkName(name, given)
    const attributes = withAttributes(name, {}, given)
    const before = ctx.table(queues).get(name)
    if (before) {
      for (const [key, value] of Object.entries(attributes))
        if (before.attributes[key] !== value) throw nameExists(key)
      return { QueueUrl: queueUrl(ctx, before) }
    }
    const now = ctx.cloud.clock.now()
    const arn = queueArn(ctx.region, ctx.account, name)
    const queue: Queue = {
      name,
      arn,
      created: now,
      modified: now,
      attributes,
      policy: given.Policy ? readPolicy(ctx, arn, given.Policy) : undefined,
      tags: queueKind.newTags(Object.entries(tags)),
    }
    ctx.table(queues).put(name, queue)
    return { QueueUrl: queueUrl(ctx, queue) }
  },
})

/** AWS: a FIFO queue has the suffix `.fifo`, and says FifoQueue. */
function checkName(name: string, given: Readonly<Record<string, string>>): void {
  const fifo = name.endsWith('.fifo')
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(fifo ? name.slice(0, -5) : name) || name.length > 80)
    throw invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
  if (fifo && given.FifoQueue !== 'true')
    throw invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
  if (!fifo && given.FifoQueue === 'true')
    throw invalidValue(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    )
  if (!fifo && given.FifoQueue !== undefined) throw badAttribute('FifoQueue')
}

const nameExists = (attribute: string): AwsError =>
  new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  )

/** AWS: the queue of another account is found by its owner, where its policy lets it. */
export const GetQueueUrl = operation({
  service: 'sqs',
  name: 'GetQueueUrl',
  access: (input, ctx) => [queueKind.on(ctx, 'GetQueueUrl', nameFor(ctx, input))],
  run: (input, ctx) => ({ QueueUrl: queueUrl(ctx, queueKind.find(ctx, nameFor(ctx, input))) }),
})

const nameFor = (
  ctx: Context,
  { QueueName, QueueOwnerAWSAccountId: owner = ctx.account }: Input<'sqs', 'GetQueueUrl'>,
): string => named(owner, QueueName)

/** AWS: up to 1,000 at once. The action takes no resource. */
export const ListQueues = operation({
  service: 'sqs',
  name: 'ListQueues',
  access: (_input, ctx) => [{ action: 'sqs:ListQueues', resource: queueArn(ctx.region, ctx.account, '') }],
  run: ({ QueueNamePrefix: prefix = '', NextToken: token, MaxResults: limit = 1000 }, ctx) => {
    const all = ctx
      .table(queues)
      .values()
      .filter(({ name }) => name.startsWith(prefix))
      .map((queue) => queueUrl(ctx, queue))
    const page = paginate(all, { token, limit, query: prefix })
    return { QueueUrls: page.items, NextToken: page.nextToken }
  },
})

/** The queues whose dead letters come into this one. */
export const ListDeadLetterSourceQueues = operation({
  service: 'sqs',
  name: 'ListDeadLetterSourceQueues',
  access: (input, ctx) => [queueKind.on(ctx, 'ListDeadLetterSourceQueues', input.QueueUrl)],
  run: ({ QueueUrl, NextToken: token, MaxResults: limit = 1000 }, ctx) => {
    const { arn } = queueKind.find(ctx, QueueUrl)
    const sources = ctx
      .table(queues)
      .values()
      .filter(({ attributes: { RedrivePolicy: redrive } }) => redrive && redriveOf(redrive).target === arn)
      .map((queue) => queueUrl(ctx, queue))
    const page = paginate(sources, { token, limit, query: arn })
    return { queueUrls: page.items, NextToken: page.nextToken }
  },
})

/** AWS: once in a minute. */
const PURGE = 60_000

export const PurgeQueue = operation({
  service: 'sqs',
  name: 'PurgeQueue',
  access: (input, ctx) => [queueKind.on(ctx, 'PurgeQueue', input.QueueUrl)],
  run: ({ QueueUrl }, ctx) => {
    const queue = queueKind.find(ctx, QueueUrl)
    const now = ctx.cloud.clock.now()
    if (queue.purged !== undefined && queue.purged > now - PURGE)
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      )
    empty(ctx, queue)
    queueKind.change(ctx, QueueUrl, { purged: now })
    return {}
  },
})

function empty(ctx: Context, queue: Queue): void {
  const table = messagesOf(ctx, queue)
  for (const message of table.where(messagesIn, queue.arn)) table.delete(messageKey(message))
}

/** AWS: its messages go with it. Here its name is free at once, on AWS after 60 seconds. */
export const DeleteQueue = operation({
  service: 'sqs',
  name: 'DeleteQueue',
  access: (input, ctx) => [queueKind.on(ctx, 'DeleteQueue', input.QueueUrl)],
  run: ({ QueueUrl }, ctx) => {
    ownQueue(ctx, QueueUrl)
    const queue = queueKind.find(ctx, QueueUrl)
    empty(ctx, queue)
    ctx.table(queues).delete(queue.name)
    return {}
  },
})
