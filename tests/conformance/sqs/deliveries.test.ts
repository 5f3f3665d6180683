/** What topics, rules and buckets send to queues, as the queue's policy lets them. */
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { rootCaller } from '../modelled-client.ts'

const test = await startTestCloud()
const call = rootCaller(test.cloud, 'sqs')
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${HUB}:${name}`

async function make(QueueName: string, from?: string, more: object = {}): Promise<string> {
  const Statement = [
    { Effect: 'Allow', Principal: { Service: from }, Action: 'sqs:SendMessage', Resource: arnOf(QueueName) },
  ]
  const Attributes = from ? { Policy: JSON.stringify({ Version: '2012-10-17', Statement }), ...more } : {}
  return (await call('CreateQueue', { QueueName, Attributes })).QueueUrl
}
async function received(QueueUrl: string) {
  await test.cloud.settled()
  const { Messages = [] } = await call('ReceiveMessage', {
    ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, MessageAttributeNames: ['All'] },
  })
  return Messages as { Body: string; MessageAttributes?: object }[]
}

describe('a topic', () => {
  const sns = test.client(SNSClient)
  it('sends its notification, or the bare text, where the policy lets it', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
    const [wrapped, raw, closed] = [
      await make('wrapped', 'sns.amazonaws.com'),
      await make('raw', 'sns.amazonaws.com'),
      await make('closed'),
    ]
    const subscribe = (name: string, Attributes = {}) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arnOf(name), Attributes }))
    expect((await subscribe('wrapped')).SubscriptionArn).toContain(TopicArn)
    await subscribe('raw', { RawMessageDelivery: 'true' })
    await subscribe('closed')
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } }
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello', Subject: 'S', MessageAttributes }))
    expect(JSON.parse((await received(wrapped))[0]!.Body)).toMatchObject({
      ...{ Type: 'Notification', TopicArn, Message: 'hello', Subject: 'S' },
      MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
    })
    expect(await received(raw)).toMatchObject([{ Body: 'hello', MessageAttributes }])
    expect(await received(closed)).toEqual([])
    await expect(subscribe('no.such')).rejects.toThrow('SQS endpoint ARN')
  })
})

describe('a rule', () => {
  const events = test.client(EventBridgeClient)
  it('sends its event, into a group of a FIFO queue', async () => {
    const plain = await make('plain', 'events.amazonaws.com')
    const ordered = await make('ordered.fifo', 'events.amazonaws.com', {
      ...{ FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    })
    await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["own"]}' }))
    const targets = (SqsParameters?: { MessageGroupId: string }) =>
      events.send(
        new PutTargetsCommand({
          Rule: 'r',
          Targets: [
            { Id: 'plain', Arn: arnOf('plain'), InputPath: '$.detail' },
            { Id: 'ordered', Arn: arnOf('ordered.fifo'), SqsParameters },
          ],
        }),
      )
    await expect(targets()).rejects.toThrow('SqsParameters must be specified for target: ordered')
    await targets({ MessageGroupId: 'all' })
    await events.send(
      new PutEventsCommand({ Entries: [{ Source: 'own', DetailType: 't', Detail: '{"a":1}' }] }),
    )
    expect(await received(plain)).toMatchObject([{ Body: '{"a":1}' }])
    expect(JSON.parse((await received(ordered))[0]!.Body)).toMatchObject({ source: 'own', detail: { a: 1 } })
  })
})

describe('a bucket', () => {
  const s3 = test.client(S3Client, { forcePathStyle: true })
  it('sends what became of objects, once the queue takes its test event', async () => {
    const url = await make('objects', 's3.amazonaws.com')
    await make('shut')
    await s3.send(new CreateBucketCommand({ Bucket: 'drops' }))
    const notify = (name: string) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: 'drops',
          NotificationConfiguration: {
            QueueConfigurations: [{ QueueArn: arnOf(name), Events: ['s3:ObjectCreated:*'] }],
          },
        }),
      )
    await expect(notify('shut')).rejects.toThrow(
      'Unable to validate the following destination configurations',
    )
    await notify('objects')
    await s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'a.zip', Body: 'x' }))
    const texts = (await received(url)).map(({ Body }) => JSON.parse(Body))
    expect(texts).toMatchObject([
      { Event: 's3:TestEvent', Bucket: 'drops' },
      { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'a.zip' } } }] },
    ])
  })
})

describe('a stack', () => {
  it('makes a queue with its policy, and a bucket that sends to it', async () => {
    const stacks = driveStacks(test)
    const allowed = (Service: string) => ({
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    })
    const template = (VisibilityTimeout: number) => ({
      Resources: {
        Dead: { Type: 'AWS::SQS::Queue' },
        Queue: {
          Type: 'AWS::SQS::Queue',
          Properties: {
            VisibilityTimeout,
            RedrivePolicy: {
              deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
              maxReceiveCount: 3,
            },
          },
        },
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [{ Ref: 'Queue' }],
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [allowed('s3.amazonaws.com'), allowed('sns.amazonaws.com')],
            },
          },
        },
        Bucket: {
          Type: 'AWS::S3::Bucket',
          DependsOn: 'Policy',
          Properties: {
            BucketName: 'stacked',
            NotificationConfiguration: {
              QueueConfigurations: [
                { Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
              ],
            },
          },
        },
      },
      Outputs: {
        Url: { Value: { Ref: 'Queue' } },
        Name: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } },
      },
    })
    await stacks.create('queued', template(0))
    const { Url = '', Name = '' } = await stacks.outputs('queued')
    expect(Url).toBe(`${test.cloud.endpoint}/${HUB}/${Name}`)
    const s3 = test.client(S3Client, { forcePathStyle: true })
    await s3.send(new PutObjectCommand({ Bucket: 'stacked', Key: 'a', Body: 'x' }))
    expect(await received(Url)).toHaveLength(2)
    await stacks.update('queued', template(7))
    const asked = { QueueUrl: Url, AttributeNames: ['VisibilityTimeout', 'RedrivePolicy'] }
    expect((await call('GetQueueAttributes', asked)).Attributes.VisibilityTimeout).toBe('7')
    const refused = { Q: { Type: 'AWS::SQS::Queue', Properties: { RedriveAllowPolicy: {} } } }
    await stacks.create('refused', { Resources: refused })
    expect((await stacks.events('refused')).join()).toContain(
      'does not support the property "RedriveAllowPolicy"',
    )
  })
})
