/** AWS::SQS::QueuePolicy. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const queuesOf = ({ Queues }: Properties): string[] => Queues

async function put(queues: readonly string[], Policy: string, rc: ResourceContext): Promise<void> {
  for (const QueueUrl of queues) {
    const set = rc.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } })
    await (Policy === '' ? unlessAbsent(set, 'QueueDoesNotExist') : set)
  }
}

export const queuePolicy = resourceType({
  type: 'AWS::SQS::QueuePolicy',
  create: async (properties, rc) => {
    await put(queuesOf(properties), JSON.stringify(properties.PolicyDocument), rc)
    const physicalId = rc.generateName()
    return { physicalId, attributes: { Id: physicalId } }
  },
  update: async (physicalId, properties, previous, rc) => {
    const kept = queuesOf(properties)
    await put(
      queuesOf(previous).filter((one) => !kept.includes(one)),
      '',
      rc,
    )
    await put(kept, JSON.stringify(properties.PolicyDocument), rc)
    return { physicalId, attributes: { Id: physicalId } }
  },
  delete: (_physicalId, properties, rc) => put(queuesOf(properties), '', rc),
})
