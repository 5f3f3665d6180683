/** The event CloudWatchLogs: lines of a log group. */
import { pick } from '../properties.ts'
import { attributesOf, calledArn, type ExpandEvent, putPermission } from './event.ts'

export const logs: ExpandEvent = (event) => {
  const { id, into, properties } = event
  putPermission(event, 'logs.amazonaws.com', {
    SourceArn: {
      'Fn::Sub': [
        `arn:${into.partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${__LogGroupName__}:*`,
        { __LogGroupName__: properties.LogGroupName },
      ],
    },
  })
  into.put(
    id,
    'AWS::Logs::SubscriptionFilter',
    { ...pick(properties, ['LogGroupName', 'FilterPattern']), DestinationArn: calledArn(event) },
    { ...attributesOf(event), DependsOn: [`${id}Permission`] },
  )
  return undefined
}
