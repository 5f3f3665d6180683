/** What CloudFormation needs for CloudWatch and CloudWatch Logs resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

/** AWS: all actions but those on tags see a group's ARN with `:log-stream:` behind it. */
const GROUP = 'arn:aws:logs:{region}:{account}:log-group:{name}:*'
const ITS_GROUP = 'arn:aws:logs:{region}:{account}:log-group:{LogGroupName}:*'

export const logs: PermissionTable = {
  'AWS::Logs::LogGroup': {
    ...registry('AWS::Logs::LogGroup'),
    name: 'LogGroupName',
    longestName: 512,
    grants: [
      {
        on: GROUP,
        create: ['logs:CreateLogGroup'],
        delete: ['logs:DeleteLogGroup'],
      },
      {
        on: 'arn:aws:logs:{region}:{account}:log-group:{name}',
        tag: ['logs:TagResource'],
      },
      {
        on: 'arn:aws:logs:{region}:{account}:log-group:{name}',
        tag: ['logs:ListTagsForResource', 'logs:UntagResource'],
        unseen: 'the handler compares the tags of the group with those of the template and the stack',
      },
      { on: 'arn:aws:logs:{region}:{account}:log-group:*', read: ['logs:DescribeLogGroups'] },
      {
        on: GROUP,
        when: ['RetentionInDays'],
        create: ['logs:PutRetentionPolicy'],
      },
      {
        on: GROUP,
        when: ['RetentionInDays'],
        update: ['logs:DeleteRetentionPolicy'],
        unseen: 'an update that adds the retention and fails is rolled back by it',
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
    ],
  },
  'AWS::Logs::SubscriptionFilter': {
    ...registry('AWS::Logs::SubscriptionFilter'),
    passes: { RoleArn: 'logs.amazonaws.com' },
    grants: [
      {
        on: ITS_GROUP,
        create: ['logs:PutSubscriptionFilter'],
        read: ['logs:DescribeSubscriptionFilters'],
        delete: ['logs:DeleteSubscriptionFilter'],
      },
    ],
  },
  'AWS::Logs::MetricFilter': {
    ...authorization('amazoncloudwatchlogs'),
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
    ...registry('AWS::CloudWatch::Alarm'),
    name: 'AlarmName',
    longestName: 255,
    grants: [
      {
        on: 'arn:aws:cloudwatch:{region}:{account}:alarm:{name}',
        create: ['cloudwatch:PutMetricAlarm'],
        read: ['cloudwatch:DescribeAlarms'],
        delete: ['cloudwatch:DeleteAlarms'],
        tag: ['cloudwatch:ListTagsForResource', 'cloudwatch:TagResource', 'cloudwatch:UntagResource'],
      },
    ],
  },
  'AWS::CloudWatch::Dashboard': {
    ...registry('AWS::CloudWatch::Dashboard'),
    name: 'DashboardName',
    longestName: 255,
    grants: [
      {
        on: 'arn:aws:cloudwatch::{account}:dashboard/{name}',
        create: ['cloudwatch:PutDashboard'],
        read: ['cloudwatch:GetDashboard'],
        delete: ['cloudwatch:DeleteDashboards'],
        tag: ['cloudwatch:ListTagsForResource', 'cloudwatch:TagResource', 'cloudwatch:UntagResource'],
      },
    ],
  },
}
