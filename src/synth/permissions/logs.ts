/** What CloudFormation needs for CloudWatch and CloudWatch Logs resources. */
import { type PermissionTable, reference } from './resource-permissions.ts'

/** AWS: all actions but those on tags see a group's ARN with `:log-stream:` behind it. */
const GROUP = 'arn:aws:logs:{region}:{account}:log-group:{name}:*'

export const logs: PermissionTable = {
  'AWS::Logs::LogGroup': {
    source: reference('AWS::Logs::LogGroup'),
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
        tag: ['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'],
      },
      { on: 'arn:aws:logs:{region}:{account}:log-group:*', read: ['logs:DescribeLogGroups'] },
      {
        on: GROUP,
        when: ['RetentionInDays'],
        create: ['logs:PutRetentionPolicy'],
        delete: ['logs:DeleteRetentionPolicy'],
      },
      {
        on: GROUP,
        when: ['KmsKeyId'],
        create: ['logs:AssociateKmsKey'],
        delete: ['logs:DisassociateKmsKey'],
      },
    ],
  },
  'AWS::CloudWatch::Alarm': {
    source: reference('AWS::CloudWatch::Alarm'),
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
}
