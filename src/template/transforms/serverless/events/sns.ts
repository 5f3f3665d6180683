/** The event SNS: messages of a topic, at once or by way of a queue. */
import { arnOf, isMap, type Properties, pick } from '../properties.ts'
import {
  attributesOf,
  calledArn,
  type Event,
  type ExpandEvent,
  propagatedTags,
  putPermission,
} from './event.ts'
import { queuePolicy } from './queue-policy.ts'

export const sns: ExpandEvent = (event) => {
  const { properties } = event
  const { SqsSubscription: queued } = properties
  if (queued === undefined || queued === false || queued === 'false') {
    putPermission(event, 'sns.amazonaws.com', { SourceArn: properties.Topic })
    subscribe(event, 'lambda', calledArn(event))
    return undefined
  }
  throughQueue(event, isMap(queued) ? queued : {})
  const managed = `arn:${event.into.partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole`
  return { managed: [managed], inline: [] }
}

function subscribe(event: Event, Protocol: string, Endpoint: unknown): void {
  event.into.put(
    event.id,
    'AWS::SNS::Subscription',
    {
      Endpoint,
      Protocol,
      TopicArn: event.properties.Topic,
      ...pick(event.properties, ['Region', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy']),
    },
    attributesOf(event),
  )
}

/** AWS: the queue is made where none is given. */
function throughQueue(event: Event, given: Properties): void {
  const { id, into, properties, target } = event
  const queue = `${id}Queue`
  const attributes = attributesOf(event)
  const arn = given.QueueArn ?? arnOf(queue)
  if (given.QueueArn === undefined)
    into.put(queue, 'AWS::SQS::Queue', { Tags: propagatedTags(event) }, attributes)
  into.put(
    `${id}EventSourceMapping`,
    'AWS::Lambda::EventSourceMapping',
    { BatchSize: given.BatchSize ?? 10, Enabled: true, EventSourceArn: arn, FunctionName: target.reference },
    attributes,
  )
  into.put(
    String(given.QueuePolicyLogicalId ?? `${queue}Policy`),
    'AWS::SQS::QueuePolicy',
    queuePolicy({ arn, url: given.QueueUrl ?? { Ref: queue } }, { principal: '*', source: properties.Topic }),
    attributes,
  )
  subscribe(event, 'sqs', arn)
}
