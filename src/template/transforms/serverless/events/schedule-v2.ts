/** The event ScheduleV2: a schedule of EventBridge Scheduler. */
import { arnOf, pick } from '../properties.ts'
import { allowing, assumedBy } from '../role.ts'
import { type DeadLetters, deadLetters } from './dead-letters.ts'
import { attributesOf, calledArn, type Event, type ExpandEvent, propagatedTags } from './event.ts'

const AS_GIVEN = `ScheduleExpression State Description StartDate EndDate ScheduleExpressionTimezone GroupName
  KmsKeyArn`.split(/\s+/)

/** AWS: a schedule is named after its logical id, unless it shall have no name. */
export const scheduleV2: ExpandEvent = (event) => {
  const { id, into, properties } = event
  const letters = deadLetters(event)
  const RoleArn = properties.RoleArn ?? callingRole(event, letters)
  into.put(
    id,
    'AWS::Scheduler::Schedule',
    {
      ...pick(properties, AS_GIVEN),
      FlexibleTimeWindow: properties.FlexibleTimeWindow ?? { Mode: 'OFF' },
      Name: properties.Name ?? (properties.OmitName === true ? undefined : id),
      Target: {
        Arn: calledArn(event),
        RoleArn,
        ...pick(properties, ['Input', 'RetryPolicy']),
        ...(letters.config && { DeadLetterConfig: letters.config }),
      },
    },
    attributesOf(event),
  )
  return undefined
}

function callingRole(event: Event, { config }: DeadLetters): unknown {
  const { id, into, properties, target } = event
  const call =
    target.kind === 'Function'
      ? allowing(`${id}LambdaPolicy`, 'lambda:InvokeFunction', calledArn(event))
      : allowing(`${id}StartExecutionPolicy`, 'states:StartExecution', target.reference)
  const send = config && allowing(`${id}SQSPolicy`, 'sqs:SendMessage', config.Arn)
  into.put(
    `${id}Role`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: assumedBy('scheduler.amazonaws.com'),
      Policies: send ? [call, send] : [call],
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: propagatedTags(event),
    },
    attributesOf(event),
  )
  return arnOf(`${id}Role`)
}
