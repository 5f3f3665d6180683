/** What CloudFormation needs for SNS, SQS, Kinesis and Firehose resources. */
import { handlersPage, registry, type TypeTable } from './type-facts.ts'

const TOPIC = 'arn:aws:sns:{region}:{account}:{name}'
const QUEUE = 'arn:aws:sqs:{region}:{account}:{name}'
const QUEUE_URL = 'https://sqs.{region}.{suffix}/{account}/{name}'
const STREAM = 'arn:aws:kinesis:{region}:{account}:stream/{name}'
const DELIVERY = 'arn:aws:firehose:{region}:{account}:deliverystream/{name}'

/** Where a delivery stream delivers to, each with a role of its own; most keep what fails in a bucket, with another. */
const DESTINATIONS = [
  'AmazonOpenSearchServerlessDestinationConfiguration',
  'AmazonopensearchserviceDestinationConfiguration',
  'ElasticsearchDestinationConfiguration',
  'HttpEndpointDestinationConfiguration',
  'IcebergDestinationConfiguration',
  'RedshiftDestinationConfiguration',
  'SnowflakeDestinationConfiguration',
]
const firehoseRoles = [
  'KinesisStreamSourceConfiguration.RoleARN',
  'MSKSourceConfiguration.AuthenticationConfiguration.RoleARN',
  'ExtendedS3DestinationConfiguration.RoleARN',
  'ExtendedS3DestinationConfiguration.S3BackupConfiguration.RoleARN',
  'RedshiftDestinationConfiguration.S3BackupConfiguration.RoleARN',
  'S3DestinationConfiguration.RoleARN',
  'SplunkDestinationConfiguration.S3Configuration.RoleARN',
  ...DESTINATIONS.flatMap((place) => [`${place}.RoleARN`, `${place}.S3Configuration.RoleARN`]),
]

export const messaging: TypeTable = {
  'AWS::SNS::Topic': {
    ...registry('AWS::SNS::Topic', '001da55c4665'),
    name: { property: 'TopicName', longest: 256 },
    arn: TOPIC,
    ref: '{arn}',
    attributes: { TopicArn: '{arn}', TopicName: '{name}' },
    passes: {
      'DeliveryStatusLogging[].FailureFeedbackRoleArn': 'sns.amazonaws.com',
      'DeliveryStatusLogging[].SuccessFeedbackRoleArn': 'sns.amazonaws.com',
    },
    looksAtRoles: true,
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
    ...registry('AWS::SNS::TopicPolicy', '0dbb8099e71b'),
    grants: [
      {
        on: 'arn:aws:sns:{region}:{account}:{Topics}',
        create: ['sns:SetTopicAttributes'],
        delete: ['sns:SetTopicAttributes'],
      },
    ],
  },
  'AWS::SNS::TopicInlinePolicy': {
    ...handlersPage('sns/topic_inline_policies', '0ade0a920233'),
    grants: [
      {
        on: 'arn:aws:sns:{region}:{account}:{TopicArn}',
        create: ['sns:SetTopicAttributes'],
        read: ['sns:GetTopicAttributes'],
        delete: ['sns:SetTopicAttributes'],
      },
    ],
  },
  'AWS::SNS::Subscription': {
    ...handlersPage('sns/subscriptions', '0a0c503a9b7d'),
    passes: { SubscriptionRoleArn: 'sns.amazonaws.com' },
    looksAtRoles: true,
    grants: [
      {
        on: 'arn:aws:sns:{region}:{account}:{TopicArn}',
        create: ['sns:Subscribe'],
        read: ['sns:GetSubscriptionAttributes'],
        update: ['sns:SetSubscriptionAttributes'],
        delete: ['sns:Unsubscribe'],
      },
    ],
  },
  'AWS::SQS::Queue': {
    ...registry('AWS::SQS::Queue', '00f8ac71305b'),
    name: { property: 'QueueName', longest: 80 },
    arn: QUEUE,
    // AWS: `Ref` returns the queue URL (aws-resource-sqs-queue.html).
    ref: QUEUE_URL,
    attributes: { QueueName: '{name}', QueueUrl: QUEUE_URL },
    systemTags: false,
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
    ...registry('AWS::SQS::QueuePolicy', '1401e8035032'),
    grants: [
      {
        on: 'arn:aws:sqs:{region}:{account}:{Queues}',
        create: ['sqs:SetQueueAttributes'],
        delete: ['sqs:SetQueueAttributes'],
      },
    ],
  },
  'AWS::Kinesis::Stream': {
    ...registry('AWS::Kinesis::Stream', '001da55c4665'),
    name: { property: 'Name' },
    arn: STREAM,
    grants: [
      {
        on: STREAM,
        create: ['kinesis:CreateStream'],
        read: ['kinesis:DescribeStreamSummary'],
        delete: ['kinesis:DeleteStream'],
        tag: [
          'kinesis:AddTagsToStream',
          'kinesis:ListTagsForResource',
          'kinesis:ListTagsForStream',
          'kinesis:RemoveTagsFromStream',
          'kinesis:TagResource',
          'kinesis:UntagResource',
        ],
      },
      // AWS: how many shards there are is authorized on no resource.
      {
        on: '*',
        when: ['ShardCount', 'StreamModeDetails'],
        update: ['kinesis:UpdateShardCount', 'kinesis:UpdateStreamMode'],
      },
      {
        on: STREAM,
        when: ['RetentionPeriodHours'],
        create: ['kinesis:IncreaseStreamRetentionPeriod'],
        update: ['kinesis:DecreaseStreamRetentionPeriod'],
      },
      {
        on: '*',
        when: ['DesiredShardLevelMetrics'],
        create: ['kinesis:EnableEnhancedMonitoring'],
        update: ['kinesis:DisableEnhancedMonitoring'],
      },
      ...[STREAM, '{key:StreamEncryption.KeyId}'].map((on) => ({
        on,
        when: ['StreamEncryption'],
        create: ['kinesis:StartStreamEncryption'],
        update: ['kinesis:StopStreamEncryption'],
      })),
      { on: STREAM, when: ['MaxRecordSizeInKiB'], create: ['kinesis:UpdateMaxRecordSize'] },
      { on: STREAM, when: ['WarmThroughputMiBps'], create: ['kinesis:UpdateStreamWarmThroughput'] },
    ],
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    ...handlersPage('kinesisfirehose/delivery_streams', '0ade0a920233'),
    name: { property: 'DeliveryStreamName', longest: 64 },
    arn: DELIVERY,
    systemTags: false,
    passes: Object.fromEntries(firehoseRoles.map((path) => [path, 'firehose.amazonaws.com'])),
    looksAtRoles: true,
    grants: [
      {
        on: DELIVERY,
        create: ['firehose:CreateDeliveryStream'],
        read: ['firehose:DescribeDeliveryStream'],
        update: ['firehose:UpdateDestination'],
        delete: ['firehose:DeleteDeliveryStream'],
        tag: [
          'firehose:ListTagsForDeliveryStream',
          'firehose:TagDeliveryStream',
          'firehose:UntagDeliveryStream',
        ],
      },
      {
        on: DELIVERY,
        when: ['DeliveryStreamEncryptionConfigurationInput'],
        update: ['firehose:StartDeliveryStreamEncryption', 'firehose:StopDeliveryStreamEncryption'],
      },
      {
        on: '{key:DeliveryStreamEncryptionConfigurationInput.KeyARN}',
        when: ['DeliveryStreamEncryptionConfigurationInput'],
        create: ['kms:CreateGrant', 'kms:DescribeKey'],
        delete: ['kms:DescribeKey', 'kms:RevokeGrant'],
      },
    ],
  },
}
