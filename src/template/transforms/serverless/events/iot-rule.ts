/** The event IoTRule: messages that a statement chooses. */
import { attributesOf, calledArn, type ExpandEvent, propagatedTags, putPermission } from './event.ts'

export const iotRule: ExpandEvent = (event) => {
  const { id, into, properties } = event
  putPermission(event, 'iot.amazonaws.com', {
    SourceAccount: { 'Fn::Sub': '${AWS::AccountId}' },
    SourceArn: {
      'Fn::Sub': [
        `arn:${into.partition}:iot:\${AWS::Region}:\${AWS::AccountId}:rule/\${RuleName}`,
        { RuleName: { Ref: id } },
      ],
    },
  })
  const { Sql, AwsIotSqlVersion } = properties
  const TopicRulePayload = {
    Sql,
    RuleDisabled: false,
    Actions: [{ Lambda: { FunctionArn: calledArn(event) } }],
    ...(AwsIotSqlVersion !== undefined && { AwsIotSqlVersion }),
  }
  into.put(id, 'AWS::IoT::TopicRule', { TopicRulePayload, Tags: propagatedTags(event) }, attributesOf(event))
  return undefined
}
