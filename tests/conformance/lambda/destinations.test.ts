/** Where the ends of asynchronous invocations are told: destinations and dead letters, under the function's role. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  AddPermissionCommand,
  GetFunctionEventInvokeConfigCommand,
  ListFunctionEventInvokeConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { rootCaller } from '../modelled-client.ts'
import { invoke, LambdaClient, makeFunction, makeRole } from './functions.ts'

let ahead = 0
const test = await startTestCloud({
  clock: {
    now: () => Date.now() + ahead,
    date: () => new Date(Date.now() + ahead),
    sleep: async (milliseconds) => {
      ahead += milliseconds
    },
  },
})
const lambda = test.client(LambdaClient)
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:${HUB}:function:${name}`
const may = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const role = await makeRole(
  test,
  'runner',
  may('logs:*', 'lambda:InvokeFunction', 'sns:Publish', 's3:PutObject', 's3:ListBucket', 'events:PutEvents'),
)

/** A function that keeps what it gets, as an object of a bucket. */
const s3 = test.client(S3Client)
await s3.send(new CreateBucketCommand({ Bucket: 'kept' }))
await makeFunction(
  lambda,
  'keeper',
  role,
  `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
   export const handler = (event) => new S3Client({}).send(
     new PutObjectCommand({ Bucket: 'kept', Key: crypto.randomUUID(), Body: JSON.stringify(event) }))`,
  { Timeout: 20 },
)

async function kept(Bucket: string): Promise<{ Key: string; body: Record<string, never> }[]> {
  await test.cloud.settled()
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      return { Key, body: JSON.parse(await Body!.transformToString()) }
    }),
  )
}

const configure = (FunctionName: string, DestinationConfig: object) =>
  lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }))

it('tells a function the end that went well', async () => {
  await makeFunction(lambda, 'good', role, 'export const handler = async () => ({ done: true })')
  await configure('good', { OnSuccess: { Destination: arnOf('keeper') } })
  await invoke(lambda, 'good', { order: 1 }, { InvocationType: 'Event' })
  const records = (await kept('kept')).map(({ body }) => body)
  expect(records).toContainEqual({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId: expect.any(String),
      functionArn: `${arnOf('good')}:$LATEST`,
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { order: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: true },
  })
})

it('puts the end that went wrong into a bucket, and sends the event to a topic of dead letters', async () => {
  const sns = test.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'dead' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: arnOf('keeper') }))
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'keeper',
      StatementId: 'dead',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
    }),
  )
  await s3.send(new CreateBucketCommand({ Bucket: 'failures' }))
  await makeFunction(lambda, 'bad', role, 'export const handler = async () => { throw new Error("no") }', {
    DeadLetterConfig: { TargetArn: TopicArn! },
  })
  await configure('bad', { OnFailure: { Destination: 'arn:aws:s3:::failures' } })
  await invoke(lambda, 'bad', { order: 2 }, { InvocationType: 'Event' })
  const [record, ...others] = await kept('failures')
  expect(others).toEqual([])
  expect(record!.Key).toMatch(
    /^aws\/lambda\/async\/bad\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
  )
  expect(record!.body).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { order: 2 },
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'no' },
  })
  const letters = (await kept('kept')).map(({ body }) => (body as { Records?: never[] }).Records?.[0])
  expect(letters).toContainEqual(
    expect.objectContaining({
      Sns: expect.objectContaining({
        Message: '{"order":2}',
        MessageAttributes: expect.objectContaining({ ErrorMessage: { Type: 'String', Value: 'no' } }),
      }),
    }),
  )
})

it('puts an end on a bus, without a second attempt where none may run', async () => {
  const events = test.client(EventBridgeClient)
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'ends' }))
  await events.send(
    new PutRuleCommand({ Name: 'all', EventBusName: 'ends', EventPattern: '{"source":["lambda"]}' }),
  )
  await events.send(
    new PutTargetsCommand({
      Rule: 'all',
      EventBusName: 'ends',
      Targets: [{ Id: 'keeper', Arn: arnOf('keeper') }],
    }),
  )
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'keeper',
      StatementId: 'bus',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    }),
  )
  await makeFunction(lambda, 'still', role, 'export const handler = async () => 1')
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'still', ReservedConcurrentExecutions: 0 }),
  )
  await configure('still', { OnFailure: { Destination: EventBusArn } })
  await invoke(lambda, 'still', {}, { InvocationType: 'Event' })
  expect((await kept('kept')).map(({ body }) => body)).toContainEqual(
    expect.objectContaining({
      'detail-type': 'Lambda Function Invocation Result - Failure',
      source: 'lambda',
      resources: [`${arnOf('still')}:$LATEST`, EventBusArn],
      detail: expect.objectContaining({
        requestContext: expect.objectContaining({ approximateInvokeCount: 1 }),
      }),
    }),
  )
})

it('sends ends and dead letters to queues', async () => {
  const sqs = rootCaller(test.cloud, 'sqs', { now: () => Date.now() + ahead })
  const urls: string[] = []
  for (const QueueName of ['ends', 'dead']) {
    const { QueueUrl } = await sqs('CreateQueue', { QueueName })
    urls.push(QueueUrl)
  }
  const arn = (name: string) => `arn:aws:sqs:us-east-1:${HUB}:${name}`
  const FunctionName = 'queued'
  const teller = await makeRole(test, 'teller', may('logs:*', 'sqs:SendMessage'))
  await makeFunction(
    lambda,
    FunctionName,
    teller,
    'export const handler = async () => { throw new Error("no") }',
    {
      DeadLetterConfig: { TargetArn: arn('dead') },
    },
  )
  await configure(FunctionName, { OnFailure: { Destination: arn('ends') } })
  await invoke(lambda, FunctionName, { order: 3 }, { InvocationType: 'Event' })
  await test.cloud.settled()
  const received = (QueueUrl: string) => sqs('ReceiveMessage', { QueueUrl, MessageAttributeNames: ['All'] })
  const [end] = (await received(urls[0]!)).Messages
  expect(JSON.parse(end!.Body)).toMatchObject({ requestPayload: { order: 3 } })
  const [letter] = (await received(urls[1]!)).Messages
  expect(letter).toMatchObject({
    Body: '{"order":3}',
    MessageAttributes: { ErrorMessage: { StringValue: 'no' } },
  })
})

it('loses what the role may not tell, as the trail shows', async () => {
  const mute = await makeRole(test, 'mute', may('logs:*'))
  await makeFunction(lambda, 'mute', mute, 'export const handler = async () => "unheard"')
  await configure('mute', { OnSuccess: { Destination: arnOf('keeper') } })
  await invoke(lambda, 'mute', {}, { InvocationType: 'Event' })
  const bodies = (await kept('kept')).map(({ body }) => JSON.stringify(body))
  expect(bodies.filter((one) => one.includes('unheard'))).toEqual([])
  const denials = test.cloud.trail.entries().filter(({ denial }) => denial)
  expect(JSON.stringify(denials)).toContain('lambda:InvokeFunction')
})

it('keeps, lists and changes configurations, and refuses what is no destination here', async () => {
  await makeFunction(lambda, 'configured', role, 'export const handler = async () => 1')
  const FunctionName = 'configured'
  await configure(FunctionName, { OnSuccess: { Destination: arnOf('keeper') } })
  await lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }))
  const shown = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))
  expect(shown).toMatchObject({
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnSuccess: { Destination: arnOf('keeper') } },
  })
  const all = await lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }))
  expect(all.FunctionEventInvokeConfigs).toMatchObject([{ FunctionArn: `${arnOf(FunctionName)}:$LATEST` }])
  for (const [Destination, message] of [
    [`arn:aws:iam::${HUB}:role/x`, /is invalid/],
    ['arn:aws:s3:::failures', /failures alone/],
  ] as const)
    await expect(configure(FunctionName, { OnSuccess: { Destination } })).rejects.toThrow(message)
})
