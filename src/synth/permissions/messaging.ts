/** What CloudFormation needs for SNS, SQS, EventBridge, Scheduler and Kinesis resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

const TOPIC = 'arn:aws:sns:{region}:{account}:{name}'
const QUEUE = 'arn:aws:sqs:{region}:{account}:{name}'
const STREAM = 'arn:aws:kinesis:{region}:{account}:stream/{name}'

export const messaging: PermissionTable = {
  'AWS::SNS::Topic': {
    ...registry('AWS::SNS::Topic'),
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
      {
        on: TOPIC,
        when: ['DataProtectionPolicy'],
        create: ['sns:PutDataProtectionPolicy'],
        read: ['sns:GetDataProtectionPolicy'],
      },
    ],
  },
  'AWS::SNS::TopicPolicy': {
    ...registry('AWS::SNS::TopicPolicy'),
    grants: [
      {
        on: 'arn:aws:sns:{region}:{account}:{Topics}',
        create: ['sns:SetTopicAttributes'],
        delete: ['sns:SetTopicAttributes'],
      },
    ],
  },
  'AWS::SNS::Subscription': {
    ...authorization('amazonsns'),
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
    ...registry('AWS::SQS::Queue'),
    systemTags: false,
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
    ...authorization('amazonsqs'),
    grants: [
      {
        on: 'arn:aws:sqs:{region}:{account}:{Queues}',
        create: ['sqs:SetQueueAttributes'],
        delete: ['sqs:SetQueueAttributes'],
      },
    ],
  },
  'AWS::Events::Rule': {
    ...registry('AWS::Events::Rule'),
    systemTags: false,
    name: 'Name',
    longestName: 64,
    passes: { RoleArn: 'events.amazonaws.com', 'Targets[].RoleArn': 'events.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:events:{region}:{account}:rule/{name}',
        create: ['events:PutRule', 'events:PutTargets'],
        read: ['events:DescribeRule', 'events:ListTargetsByRule'],
        delete: ['events:DeleteRule', 'events:RemoveTargets'],
        tag: ['events:ListTagsForResource', 'events:TagResource', 'events:UntagResource'],
      },
    ],
  },
  'AWS::Events::EventBus': {
    ...registry('AWS::Events::EventBus'),
    name: 'Name',
    grants: [
      {
        on: 'arn:aws:events:{region}:{account}:event-bus/{name}',
        create: ['events:CreateEventBus'],
        read: ['events:DescribeEventBus'],
        update: ['events:UpdateEventBus'],
        delete: ['events:DeleteEventBus'],
        tag: ['events:ListTagsForResource', 'events:TagResource', 'events:UntagResource'],
      },
      {
        on: 'arn:aws:events:{region}:{account}:event-bus/{name}',
        when: ['Policy'],
        create: ['events:PutPermission'],
        delete: ['events:RemovePermission'],
      },
    ],
  },
  'AWS::Scheduler::Schedule': {
    ...authorization('amazoneventbridgescheduler'),
    name: 'Name',
    longestName: 64,
    passes: { 'Target.RoleArn': 'scheduler.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:scheduler:{region}:{account}:schedule/*/{name}',
        create: ['scheduler:CreateSchedule'],
        read: ['scheduler:GetSchedule'],
        update: ['scheduler:UpdateSchedule'],
        delete: ['scheduler:DeleteSchedule'],
      },
    ],
  },
  'AWS::Kinesis::Stream': {
    ...authorization('amazonkinesisdatastreams'),
    name: 'Name',
    grants: [
      {
        on: STREAM,
        create: ['kinesis:CreateStream'],
        read: ['kinesis:DescribeStreamSummary'],
        update: [
          'kinesis:DecreaseStreamRetentionPeriod',
          'kinesis:IncreaseStreamRetentionPeriod',
          'kinesis:UpdateShardCount',
          'kinesis:UpdateStreamMode',
        ],
        delete: ['kinesis:DeleteStream'],
        tag: ['kinesis:AddTagsToStream', 'kinesis:ListTagsForStream', 'kinesis:RemoveTagsFromStream'],
      },
      {
        on: STREAM,
        when: ['StreamEncryption'],
        create: ['kinesis:StartStreamEncryption'],
        update: ['kinesis:StopStreamEncryption'],
      },
    ],
  },
}
