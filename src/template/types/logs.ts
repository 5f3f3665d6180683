/** What CloudFormation needs for CloudWatch and CloudWatch Logs resources. */
import { registry, type TypeTable } from './type-facts.ts'

/** AWS: all actions but those on tags see a group's ARN with `:log-stream:` behind it. */
const GROUP = 'arn:aws:logs:{region}:{account}:log-group:{name}:*'
const ITS_GROUP = 'arn:aws:logs:{region}:{account}:log-group:{LogGroupName}:*'
const ALARM = 'arn:aws:cloudwatch:{region}:{account}:alarm:{name}'
const alarmTags = ['cloudwatch:ListTagsForResource', 'cloudwatch:TagResource', 'cloudwatch:UntagResource']

export const logs: TypeTable = {
  'AWS::Logs::LogGroup': {
    ...registry('AWS::Logs::LogGroup', '07626e6c92e4'),
    name: { property: 'LogGroupName', longest: 512 },
    arn: 'arn:aws:logs:{region}:{account}:log-group:{name}',
    attributes: { Arn: GROUP },
    grants: [
      {
        on: GROUP,
        create: ['logs:CreateLogGroup'],
        delete: ['logs:DeleteLogGroup'],
      },
      {
        on: 'arn:aws:logs:{region}:{account}:log-group:{name}',
        tag: ['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'],
      },
      // AWS: the call names a prefix; it is authorized on `log-group::log-stream:`, whatever the prefix.
      { on: 'arn:aws:logs:{region}:{account}:log-group:*', read: ['logs:DescribeLogGroups'] },
      {
        on: GROUP,
        when: ['RetentionInDays'],
        create: ['logs:PutRetentionPolicy'],
        // AWS: an update that adds the retention and fails is rolled back by it.
        update: ['logs:DeleteRetentionPolicy'],
      },
      {
        on: GROUP,
        when: ['KmsKeyId'],
        create: ['logs:AssociateKmsKey'],
        update: ['logs:DisassociateKmsKey'],
      },
      {
        on: GROUP,
        when: ['DataProtectionPolicy'],
        create: ['logs:PutDataProtectionPolicy'],
        read: ['logs:GetDataProtectionPolicy'],
        delete: ['logs:DeleteDataProtectionPolicy'],
      },
      // AWS: where findings are delivered to, and the account's policies for logs, are authorized on no resource.
      { on: '*', when: ['DataProtectionPolicy'], create: ['logs:CreateLogDelivery'] },
      {
        on: '*',
        when: ['ResourcePolicyDocument'],
        create: ['logs:PutResourcePolicy'],
        read: ['logs:DescribeResourcePolicies'],
      },
    ],
  },
  'AWS::Logs::LogStream': {
    ...registry('AWS::Logs::LogStream', '0895cdef22a7'),
    name: { property: 'LogStreamName', longest: 512 },
    grants: [
      {
        on: ITS_GROUP,
        create: ['logs:CreateLogStream'],
        read: ['logs:DescribeLogStreams'],
        delete: ['logs:DeleteLogStream'],
      },
    ],
  },
  'AWS::Logs::ResourcePolicy': {
    ...registry('AWS::Logs::ResourcePolicy', '2f07e30b5fb6'),
    grants: [
      {
        // AWS: these policies belong to the account; what touches them is authorized on no resource.
        on: '*',
        create: ['logs:PutResourcePolicy'],
        read: ['logs:DescribeResourcePolicies'],
        delete: ['logs:DeleteResourcePolicy'],
      },
    ],
  },
  'AWS::Logs::SubscriptionFilter': {
    ...registry('AWS::Logs::SubscriptionFilter', '44f9ce132ac9'),
    passes: { RoleArn: 'logs.amazonaws.com' },
    grants: [
      {
        on: ITS_GROUP,
        create: ['logs:PutSubscriptionFilter'],
        read: ['logs:DescribeSubscriptionFilters'],
        delete: ['logs:DeleteSubscriptionFilter'],
      },
      {
        on: 'arn:aws:logs:{region}:*:destination:*',
        refers: ['DestinationArn', 'logs'],
        create: ['logs:PutSubscriptionFilter'],
      },
    ],
  },
  'AWS::Logs::MetricFilter': {
    ...registry('AWS::Logs::MetricFilter', '1e2d1e8610e2'),
    grants: [
      {
        on: ITS_GROUP,
        create: ['logs:PutMetricFilter'],
        read: ['logs:DescribeMetricFilters'],
        delete: ['logs:DeleteMetricFilter'],
      },
    ],
  },
  'AWS::CloudWatch::Alarm': {
    ...registry('AWS::CloudWatch::Alarm', '11ac7b394242'),
    name: { property: 'AlarmName', longest: 255 },
    arn: ALARM,
    grants: [
      {
        on: ALARM,
        create: ['cloudwatch:PutMetricAlarm'],
        read: ['cloudwatch:DescribeAlarms'],
        delete: ['cloudwatch:DeleteAlarms'],
        tag: alarmTags,
      },
    ],
  },
  'AWS::CloudWatch::CompositeAlarm': {
    ...registry('AWS::CloudWatch::CompositeAlarm', '2ae77c997266'),
    name: { property: 'AlarmName', longest: 255 },
    arn: ALARM,
    grants: [
      {
        on: ALARM,
        create: ['cloudwatch:PutCompositeAlarm'],
        read: ['cloudwatch:DescribeAlarms'],
        delete: ['cloudwatch:DeleteAlarms'],
      },
      {
        on: ALARM,
        tag: alarmTags,
        undeclared: 'the type takes tags since after the copy of its schema',
      },
    ],
  },
  'AWS::CloudWatch::Dashboard': {
    ...registry('AWS::CloudWatch::Dashboard', '786d4b3a5199'),
    name: { property: 'DashboardName', longest: 255 },
    grants: [
      {
        on: 'arn:aws:cloudwatch::{account}:dashboard/{name}',
        create: ['cloudwatch:PutDashboard'],
        read: ['cloudwatch:GetDashboard'],
        delete: ['cloudwatch:DeleteDashboards'],
      },
    ],
  },
}
