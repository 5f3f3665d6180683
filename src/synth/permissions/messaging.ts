/** What CloudFormation needs for SNS, SQS and EventBridge resources. */
import { type PermissionTable, reference } from './resource-permissions.ts'

const TOPIC = 'arn:aws:sns:{region}:{account}:{name}'
const QUEUE = 'arn:aws:sqs:{region}:{account}:{name}'

export const messaging: PermissionTable = {
  'AWS::SNS::Topic': {
    source: reference('AWS::SNS::Topic'),
    name: 'TopicName',
    longestName: 256,
    grants: [
      {
        on: TOPIC,
        create: ['sns:CreateTopic'],
        read: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
        update: ['sns:SetTopicAttributes'],
        delete: ['sns:DeleteTopic'],
        tag: ['sns:ListTagsForResource', 'sns:TagResource', 'sns:UntagResource'],
      },
      { on: TOPIC, when: ['Subscription'], create: ['sns:Subscribe'], delete: ['sns:Unsubscribe'] },
    ],
  },
  'AWS::SNS::TopicPolicy': {
    source: reference('AWS::SNS::TopicPolicy'),
    grants: [{ on: 'arn:aws:sns:{region}:{account}:{Topics}', create: ['sns:SetTopicAttributes'] }],
  },
  'AWS::SNS::Subscription': {
    source: reference('AWS::SNS::Subscription'),
    grants: [
      {
        on: 'arn:aws:sns:{region}:{account}:{TopicArn}',
        create: ['sns:Subscribe'],
        read: ['sns:GetSubscriptionAttributes', 'sns:ListSubscriptionsByTopic'],
        update: ['sns:SetSubscriptionAttributes'],
        delete: ['sns:Unsubscribe'],
      },
    ],
  },
  'AWS::SQS::Queue': {
    source: reference('AWS::SQS::Queue'),
    name: 'QueueName',
    longestName: 80,
    grants: [
      {
        on: QUEUE,
        create: ['sqs:CreateQueue'],
        read: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        update: ['sqs:SetQueueAttributes'],
        delete: ['sqs:DeleteQueue'],
        tag: ['sqs:ListQueueTags', 'sqs:TagQueue', 'sqs:UntagQueue'],
      },
    ],
  },
  'AWS::SQS::QueuePolicy': {
    source: reference('AWS::SQS::QueuePolicy'),
    grants: [{ on: 'arn:aws:sqs:{region}:{account}:{Queues}', create: ['sqs:SetQueueAttributes'] }],
  },
  'AWS::Events::Rule': {
    source: reference('AWS::Events::Rule'),
    name: 'Name',
    longestName: 64,
    grants: [
      {
        on: 'arn:aws:events:{region}:{account}:rule/{name}',
        create: ['events:PutRule', 'events:PutTargets'],
        read: ['events:DescribeRule', 'events:ListTargetsByRule'],
        update: ['events:DisableRule', 'events:EnableRule'],
        delete: ['events:DeleteRule', 'events:RemoveTargets'],
        tag: ['events:ListTagsForResource', 'events:TagResource', 'events:UntagResource'],
      },
    ],
  },
}
