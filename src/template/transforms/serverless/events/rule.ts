/** The events Schedule, EventBridgeRule and CloudWatchEvent: a rule of EventBridge. */
import { arnOf, type Properties, pick } from '../properties.ts'
import { invalid } from '../refusals.ts'
import { allowing, assumedBy } from '../role.ts'
import { deadLetters } from './dead-letters.ts'
import {
  attributesOf,
  calledArn,
  type Event,
  type ExpandEvent,
  propagatedTags,
  putPermission,
} from './event.ts'
import { queuePolicy } from './queue-policy.ts'

export const rule: ExpandEvent = (event) => {
  const { id, into, properties, target, type } = event
  const scheduled = type === 'Schedule'
  const letters = deadLetters(event)
  const RoleArn = target.kind === 'StateMachine' ? startingRole(event, 'events.amazonaws.com') : undefined
  const Target = {
    Arn: calledArn(event),
    Id: targetId(event),
    ...(RoleArn !== undefined && { RoleArn }),
    ...pick(properties, ['Input', 'InputPath', 'InputTransformer', 'RetryPolicy']),
    ...(letters.config && { DeadLetterConfig: letters.config }),
  }
  into.put(
    id,
    'AWS::Events::Rule',
    {
      ...(scheduled
        ? { ...pick(properties, ['Description', 'Name']), ScheduleExpression: properties.Schedule }
        : {
            ...pick(properties, ['EventBusName']),
            EventPattern: properties.Pattern,
            Name: properties.RuleName,
          }),
      State: stateOf(event),
      Targets: [Target],
    },
    attributesOf(event),
  )
  if (letters.queue !== undefined) letRuleSend(event, letters.queue)
  if (target.kind === 'Function') putPermission(event, 'events.amazonaws.com', { SourceArn: arnOf(id) })
  return undefined
}

const targetId = ({ id, properties, target }: Event): unknown =>
  (properties.Target as Properties | undefined)?.Id ??
  `${id}${target.kind === 'Function' ? 'LambdaTarget' : 'StepFunctionsTarget'}`

/** AWS: a truth value turns the rule on or off, a function in its place is not carried out. */
function stateOf({ name, properties }: Event): unknown {
  const { Enabled, State } = properties
  if (Enabled === undefined) return State
  if (State !== undefined)
    throw invalid(
      `Event with id [${name}] is invalid. State and Enabled Properties cannot both be specified.`,
    )
  return Enabled === true || Enabled === 'true' ? 'ENABLED' : 'DISABLED'
}

/** Makes the role that starts a state machine, unless one is given; gives its ARN. */
export function startingRole(event: Event, service: string): unknown {
  const { id, into, properties, target } = event
  if (properties.RoleArn !== undefined) return properties.RoleArn
  const role = `${id}Role`
  const policy = allowing(`${role}StartExecutionPolicy`, 'states:StartExecution', target.reference)
  into.put(
    role,
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: assumedBy(service), Policies: [policy], Tags: propagatedTags(event) },
    attributesOf(event),
  )
  return arnOf(role)
}

const letRuleSend = (event: Event, queue: string): void =>
  event.into.put(
    `${event.id}QueuePolicy`,
    'AWS::SQS::QueuePolicy',
    queuePolicy(
      { arn: arnOf(queue), url: { Ref: queue } },
      { principal: { Service: 'events.amazonaws.com' }, source: arnOf(event.id) },
    ),
    attributesOf(event),
  )
