/** AWS::SQS::Queue. */
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, tagDifference, userTags } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

/** AWS: what is taken out of a template is as it was without it. */
const USUAL: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  DelaySeconds: '0',
  FifoThroughputLimit: 'perQueue',
  KmsDataKeyReusePeriodSeconds: '300',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedrivePolicy: '',
  SqsManagedSseEnabled: '',
  VisibilityTimeout: '30',
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

const attributes = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    Object.keys(USUAL)
      .filter((name) => properties[name] !== undefined)
      .map((name) => [name, textOf(properties[name])]),
  )

/** What an update sets. */
function changes(properties: Properties, previous: Properties): Record<string, string> {
  const [next, before] = [attributes(properties), attributes(previous)]
  const names = Object.keys({ ...before, ...next }).filter((name) => next[name] !== before[name])
  return Object.fromEntries(names.map((name) => [name, next[name] ?? USUAL[name]!]))
}

const read = (QueueUrl: string, rc: ReadContext) =>
  rc.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })

const outcome = (url: string, arn = '') => ({
  physicalId: url,
  attributes: { Arn: arn, QueueName: arn.slice(arn.lastIndexOf(':') + 1), QueueUrl: url },
})

async function present(url: string, rc: ReadContext) {
  const { Attributes } = await read(url, rc)
  return outcome(url, Attributes?.QueueArn)
}

/** AWS: the registry's schema says that CloudFormation puts no tags of its own on queues. */
async function retag(QueueUrl: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const { Tags = {} } = await rc.call('sqs', 'ListQueueTags', { QueueUrl })
  const { gone, changed } = tagDifference(userTags(properties, rc), Tags)
  if (gone.length) await rc.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: gone })
  if (hasTags(changed)) await rc.call('sqs', 'TagQueue', { QueueUrl, Tags: { ...changed } })
}

export const queue = resourceType({
  type: 'AWS::SQS::Queue',
  create: async (properties, rc) => {
    const fifo = String(properties.FifoQueue) === 'true'
    const made = rc.generateName()
    const QueueName = properties.QueueName ?? (fifo ? `${made.slice(0, 75)}.fifo` : made)
    const { QueueUrl = '' } = await rc.call('sqs', 'CreateQueue', {
      QueueName,
      Attributes: { ...attributes(properties), ...(fifo && { FifoQueue: 'true' }) },
      tags: { ...userTags(properties, rc) },
    })
    rc.made(QueueUrl)
    await rc.call('sqs', 'GetQueueUrl', { QueueName })
    await rc.call('sqs', 'ListQueueTags', { QueueUrl })
    return present(QueueUrl, rc)
  },
  update: async (url, properties, previous, rc) => {
    const Attributes = changes(properties, previous)
    if (Object.keys(Attributes).length)
      await rc.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes })
    await retag(url, properties, rc)
    return present(url, rc)
  },
  read: (url, rc) => unlessAbsent(present(url, rc), 'QueueDoesNotExist'),
  delete: async (url, _properties, rc) => {
    if (await unlessAbsent(read(url, rc), 'QueueDoesNotExist'))
      await rc.call('sqs', 'DeleteQueue', { QueueUrl: url })
  },
})
