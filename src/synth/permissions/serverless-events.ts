/** What AWS SAM makes of the events that start a function or a state machine. */
import { entryOf } from '../../model/index.ts'
import { type Properties, referredId } from './property-values.ts'
import { type ApiKind, implicitApi, routeWithRole } from './serverless-apis.ts'
import { arnOf, ownRole, pick, type ServerlessExpansion } from './serverless-parts.ts'

/** What an event starts. */
export interface EventTarget {
  readonly id: string
  readonly kind: 'Function' | 'StateMachine'
  /** What stands for it: a function's alias where it has one. */
  readonly reference: unknown
}

interface Event {
  /** The id of what SAM makes of it. */
  readonly id: string
  readonly target: EventTarget
  readonly properties: Properties
  readonly into: ServerlessExpansion
}

/** Makes what each event of a function or a state machine takes. */
export function events(target: EventTarget, given: unknown, into: ServerlessExpansion): void {
  for (const [name, { Type = '', Properties = {} }] of Object.entries(
    (given ?? {}) as Record<string, { Type?: string; Properties?: Properties }>,
  )) {
    const id = `${target.id}${name}`
    const make = entryOf(target.kind === 'Function' ? OF_FUNCTIONS : OF_MACHINES, Type)
    if (make) make({ id, target, properties: Properties, into })
    else into.unknown(id, `AWS::Serverless::${target.kind} event ${Type}`)
  }
}

const OF_MACHINES: Readonly<Record<string, (event: Event) => void>> = {
  Schedule: rule,
  CloudWatchEvent: rule,
  EventBridgeRule: rule,
  ScheduleV2: schedule,
  Api: (event) => route('Api', event),
}

const OF_FUNCTIONS: Readonly<Record<string, (event: Event) => void>> = {
  ...OF_MACHINES,
  HttpApi: (event) => route('HttpApi', event),
  SQS: mapping,
  Kinesis: mapping,
  DynamoDB: mapping,
  DocumentDB: mapping,
  MSK: mapping,
  MQ: mapping,
  SelfManagedKafka: mapping,
  SNS: subscription,
  AlexaSkill: permission,
  S3: (event) => {
    permission(event)
    event.into.change(referredId(event.properties.Bucket), {
      NotificationConfiguration: { LambdaConfigurations: [{ Function: event.target.reference }] },
    })
  },
  Cognito: (event) => {
    permission(event)
    event.into.change(referredId(event.properties.UserPool), {
      LambdaConfig: Object.fromEntries(
        [event.properties.Trigger].flat().map((trigger) => [trigger, event.target.reference]),
      ),
    })
  },
  CloudWatchLogs: (event) => {
    permission(event)
    event.into.add(event.id, 'AWS::Logs::SubscriptionFilter', {
      ...pick(event.properties, ['LogGroupName', 'FilterPattern']),
      DestinationArn: event.target.reference,
    })
  },
  IoTRule: (event) => {
    permission(event)
    event.into.add(event.id, 'AWS::IoT::TopicRule', pick(event.properties, ['Sql']))
  },
}

/** Lets a service call the function. */
function permission({ id, target, into }: Event): void {
  into.add(`${id}Permission`, 'AWS::Lambda::Permission', { FunctionName: target.reference })
}

/** AWS: a state machine is started by a role that SAM makes for each event, where none is given. */
function startingRole({ id, properties, into }: Event): unknown {
  if (properties.RoleArn !== undefined) return properties.RoleArn
  into.add(`${id}Role`, 'AWS::IAM::Role', roleOf(properties))
  return arnOf(`${id}Role`)
}

/** AWS: the roles of events have an inline policy and neither managed ones nor tags. */
const roleOf = ({ PermissionsBoundary }: Properties): Properties => ({
  ...pick(ownRole({ PermissionsBoundary }, true), ['Policies', 'PermissionsBoundary']),
})

/** Makes the queue of what could not be delivered, where SAM is to make one. */
function deadLetters({ id, properties, into }: Event, withPolicy: boolean): unknown {
  const given = properties.DeadLetterConfig as { Type?: string; QueueLogicalId?: string } | undefined
  if (given?.Type !== 'SQS') return given
  const queue = given.QueueLogicalId ?? `${id}Queue`
  into.add(queue, 'AWS::SQS::Queue')
  if (withPolicy) into.add(`${id}QueuePolicy`, 'AWS::SQS::QueuePolicy', { Queues: [{ Ref: queue }] })
  return { Arn: arnOf(queue) }
}

function rule(event: Event): void {
  const { id, target, properties, into } = event
  const RoleArn = target.kind === 'StateMachine' ? startingRole(event) : undefined
  if (target.kind === 'Function') permission(event)
  into.add(id, 'AWS::Events::Rule', {
    Name: properties.RuleName ?? properties.Name,
    ...pick(properties, ['EventBusName']),
    Targets: [
      {
        Arn: target.reference,
        ...(RoleArn !== undefined && { RoleArn }),
        DeadLetterConfig: deadLetters(event, true),
      },
    ],
  })
}

/** AWS: a schedule is named after its logical id, unless it shall have no name. */
function schedule(event: Event): void {
  const { id, target, properties, into } = event
  into.add(id, 'AWS::Scheduler::Schedule', {
    Name: properties.Name ?? (properties.OmitName === true ? undefined : id),
    ...pick(properties, ['GroupName', 'KmsKeyArn']),
    Target: {
      Arn: target.reference,
      RoleArn: startingRole(event),
      DeadLetterConfig: deadLetters(event, false),
    },
  })
}

function mapping({ id, target, properties, into }: Event): void {
  const { Queue, Stream, ...rest } = properties
  into.add(id, 'AWS::Lambda::EventSourceMapping', {
    ...rest,
    EventSourceArn: Queue ?? Stream ?? rest.Broker ?? rest.Cluster,
    FunctionName: target.reference,
  })
}

/** AWS: a topic calls the function, or fills a queue that is made for it and that the function reads. */
function subscription(event: Event): void {
  const { id, target, properties, into } = event
  const { Topic, Region, SqsSubscription } = properties
  into.add(id, 'AWS::SNS::Subscription', { TopicArn: Topic, Region })
  if (SqsSubscription === undefined || SqsSubscription === false) return permission(event)
  const given = SqsSubscription === true ? {} : (SqsSubscription as Properties)
  const queue = `${id}Queue`
  if (given.QueueArn === undefined) into.add(queue, 'AWS::SQS::Queue')
  into.add(String(given.QueuePolicyLogicalId ?? `${queue}Policy`), 'AWS::SQS::QueuePolicy', {
    Queues: [given.QueueUrl ?? { Ref: queue }],
  })
  into.add(`${id}EventSourceMapping`, 'AWS::Lambda::EventSourceMapping', {
    EventSourceArn: given.QueueArn ?? arnOf(queue),
    FunctionName: target.reference,
  })
}

function route(kind: ApiKind, event: Event): void {
  const { target, properties, into } = event
  const { RestApiId, ApiId, Path, Method, Auth } = properties
  const given = RestApiId ?? ApiId
  const api = given === undefined ? implicitApi(kind, into) : referredId(given)
  const role =
    target.kind === 'StateMachine'
      ? startingRole(event)
      : (Auth as { InvokeRole?: unknown } | undefined)?.InvokeRole
  if (target.kind === 'Function') permission(event)
  // AWS: two words stand for the caller's own credentials and for none.
  if (role !== undefined && role !== 'CALLER_CREDENTIALS' && role !== 'NONE')
    into.change(api, routeWithRole(Path, Method, role))
}
