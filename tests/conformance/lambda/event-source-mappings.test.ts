/** Queues whose messages Lambda fetches for functions, as the execution role of these. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { HUB, startTestCloud, type TestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { rootCaller } from '../modelled-client.ts'
import { LambdaClient, makeFunction, makeRole } from './functions.ts'

const clock = new HandClock()
const test = await startTestCloud({ clock })
const lambda = test.client(LambdaClient)
const s3 = test.client(S3Client)
const sqs = rootCaller(test.cloud, 'sqs', { now: () => clock.now() })
const arn = (name: string) => `arn:aws:sqs:us-east-1:${HUB}:${name}`
const may = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const READS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
const role = await makeRole(test, 'reader', may('logs:*', 's3:PutObject', ...READS))

/** A function that keeps what it gets in a bucket of its own, and answers. */
async function keeper(name: string, answer: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name }))
  const source = `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
    export const handler = async (event) => {
      await new S3Client({}).send(
        new PutObjectCommand({ Bucket: '${name}', Key: crypto.randomUUID(), Body: JSON.stringify(event) }))
      ${answer}
    }`
  await makeFunction(lambda, name, role, source, { Timeout: 20 })
}

interface Kept {
  readonly Records: { readonly body: string; readonly messageId: string }[]
}

async function kept(Bucket: string): Promise<Kept[]> {
  await test.cloud.settled()
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      return JSON.parse(await Body!.transformToString())
    }),
  )
}

const bodies = async (bucket: string) =>
  (await kept(bucket)).flatMap(({ Records }) => Records.map(({ body }) => body)).sort()

async function makeQueue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await sqs('CreateQueue', { QueueName, Attributes })).QueueUrl
}

async function left(QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  )
}

async function map(input: Partial<CreateEventSourceMappingCommandInput>) {
  const made = await lambda.send(new CreateEventSourceMappingCommand(input as never))
  await test.cloud.settled()
  return made
}

const get = (UUID: string | undefined) => lambda.send(new GetEventSourceMappingCommand({ UUID }))

it('gives a message to the function in the shape that AWS gives it, and deletes it', async () => {
  const QueueUrl = await makeQueue('plain')
  await keeper('plain', '')
  const made = await map({ EventSourceArn: arn('plain'), FunctionName: 'plain', Tags: { team: 'a' } })
  expect(made).toMatchObject({
    State: 'Creating',
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    EventSourceArn: arn('plain'),
    FunctionArn: `arn:aws:lambda:us-east-1:${HUB}:function:plain`,
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:${HUB}:event-source-mapping:${made.UUID}`,
  })
  expect(await get(made.UUID)).toMatchObject({ State: 'Enabled' })
  const { Tags } = await lambda.send(new ListTagsCommand({ Resource: made.EventSourceMappingArn }))
  expect(Tags).toEqual({ team: 'a' })
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } }
  const { MessageId } = await sqs('SendMessage', { QueueUrl, MessageBody: 'hello', MessageAttributes })
  expect(await kept('plain')).toEqual([
    {
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.any(String),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.any(String),
          }),
          messageAttributes: {
            kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          eventSource: 'aws:sqs',
          eventSourceARN: arn('plain'),
          awsRegion: 'us-east-1',
        },
      ],
    },
  ])
  expect(await left(QueueUrl)).toBe(0)
})

it('gives a failed batch again after the visibility timeout, until it is a dead letter', async () => {
  const dead = await makeQueue('dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 })
  const QueueUrl = await makeQueue('failing', { RedrivePolicy })
  await keeper('failing', 'throw new Error("no")')
  await map({ EventSourceArn: arn('failing'), FunctionName: 'failing' })
  await sqs('SendMessage', { QueueUrl, MessageBody: 'poison' })
  expect(await bodies('failing')).toEqual(['poison'])
  expect([await left(QueueUrl), await left(dead)]).toEqual([1, 0])
  await clock.pass(1)
  expect(await bodies('failing')).toEqual(['poison', 'poison'])
  await clock.pass(1)
  expect(await bodies('failing')).toHaveLength(2)
  expect([await left(QueueUrl), await left(dead)]).toEqual([0, 1])
})

it('gives again only what the function reports', async () => {
  const QueueUrl = await makeQueue('partly')
  await keeper(
    'partly',
    `return { batchItemFailures: event.Records.filter(({ body }) => body === 'bad')
      .map(({ messageId }) => ({ itemIdentifier: messageId })) }`,
  )
  const Entries = ['good', 'bad'].map((one) => ({ Id: one, MessageBody: one }))
  await sqs('SendMessageBatch', { QueueUrl, Entries })
  await map({
    EventSourceArn: arn('partly'),
    FunctionName: 'partly',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  })
  expect((await kept('partly')).map(({ Records }) => Records.length)).toEqual([2])
  await clock.pass(1)
  expect(await bodies('partly')).toEqual(['bad', 'bad', 'good'])
})

it('deletes what no filter lets through, and gives what was delayed in its time', async () => {
  const QueueUrl = await makeQueue('filtered')
  await keeper('filtered', '')
  await map({
    EventSourceArn: arn('filtered'),
    FunctionName: 'filtered',
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] },
  })
  for (const MessageBody of ['{"kind":"a"}', '{"kind":"b"}', 'text'])
    await sqs('SendMessage', { QueueUrl, MessageBody })
  expect(await bodies('filtered')).toEqual(['{"kind":"a"}'])
  expect(await left(QueueUrl)).toBe(0)
  await sqs('SendMessage', { QueueUrl, MessageBody: '{"kind":"a","late":1}', DelaySeconds: 90 })
  expect(await bodies('filtered')).toHaveLength(1)
  await clock.pass(2)
  expect(await bodies('filtered')).toHaveLength(2)
})

it('gathers a batch as long as its window is open', async () => {
  const QueueUrl = await makeQueue('gathered')
  await keeper('gathered', '')
  const MaximumBatchingWindowInSeconds = 300
  const FunctionName = 'gathered'
  await map({ EventSourceArn: arn('gathered'), FunctionName, BatchSize: 12, MaximumBatchingWindowInSeconds })
  for (let sent = 0; sent < 12; sent++) await sqs('SendMessage', { QueueUrl, MessageBody: String(sent) })
  expect((await kept('gathered')).map(({ Records }) => Records.length)).toEqual([12])
  expect(await left(QueueUrl)).toBe(0)
})

it('is disabled, changed, listed and deleted', async () => {
  const QueueUrl = await makeQueue('changed')
  await keeper('changed', '')
  const { UUID } = await map({ EventSourceArn: arn('changed'), FunctionName: 'changed', Enabled: false })
  expect(await get(UUID)).toMatchObject({ State: 'Disabled' })
  await expect(map({ EventSourceArn: arn('changed'), FunctionName: 'changed' })).rejects.toThrow(
    `already exists. Please update or delete the existing mapping with UUID ${UUID}`,
  )
  await sqs('SendMessage', { QueueUrl, MessageBody: 'waits' })
  expect(await bodies('changed')).toEqual([])
  const ScalingConfig = { MaximumConcurrency: 2 }
  const changed = await lambda.send(
    new UpdateEventSourceMappingCommand({ UUID, Enabled: true, BatchSize: 1, ScalingConfig }),
  )
  expect(changed).toMatchObject({ State: 'Enabling', BatchSize: 1, ScalingConfig })
  expect(await bodies('changed')).toEqual(['waits'])
  const listed = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'changed' }))
  expect(listed.EventSourceMappings).toMatchObject([{ UUID, State: 'Enabled' }])
  expect(await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).toMatchObject({
    State: 'Deleting',
  })
  await test.cloud.settled()
  await expect(get(UUID)).rejects.toThrow('The resource you requested does not exist.')
  await sqs('SendMessage', { QueueUrl, MessageBody: 'unheard' })
  expect(await bodies('changed')).toEqual(['waits'])
})

it('asks again where the role may not read the queue any more, as the trail shows', async () => {
  const QueueUrl = await makeQueue('closed')
  const losing = await makeRole(test, 'losing', may('logs:*', ...READS))
  await makeFunction(lambda, 'closed', losing, 'export const handler = async () => 1')
  await map({ EventSourceArn: arn('closed'), FunctionName: 'closed' })
  const allow = (...actions: string[]) =>
    test.client(IAMClient).send(
      new PutRolePolicyCommand({
        RoleName: 'losing',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify(may(...actions)),
      }),
    )
  await allow('logs:*')
  await sqs('SendMessage', { QueueUrl, MessageBody: 'kept' })
  await test.cloud.settled()
  expect(await left(QueueUrl)).toBe(1)
  const denials = test.cloud.trail.entries().filter(({ denial }) => denial)
  expect(JSON.stringify(denials.at(-1))).toContain('sqs:ReceiveMessage')
  await allow('logs:*', ...READS)
  await clock.pass(1)
  await test.cloud.settled()
  expect(await left(QueueUrl)).toBe(0)
})

it('refuses what AWS refuses, and what is no queue by name', async () => {
  await makeQueue('strict', { VisibilityTimeout: '10' })
  await makeQueue('strict.fifo', { FifoQueue: 'true' })
  const FunctionName = 'plain'
  const blind = await makeRole(test, 'blind', may('logs:*', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'))
  await makeFunction(lambda, 'blind', blind, 'export const handler = async () => 1')
  for (const [input, message] of [
    [
      { FunctionName: 'blind', EventSourceArn: arn('strict') },
      'The provided execution role does not have permissions to call ReceiveMessage on SQS',
    ],
    [{ FunctionName, EventSourceArn: arn('strict') }, /visibility timeout: 10 .* Function timeout: 20/],
    [{ FunctionName, EventSourceArn: arn('absent') }, /NonExistentQueue/],
    [{ FunctionName, EventSourceArn: arn('dead'), BatchSize: 11 }, /batch window .* greater than 0/],
    [{ FunctionName, EventSourceArn: arn('strict.fifo'), BatchSize: 11 }, /at most 10/],
    [
      { FunctionName, EventSourceArn: arn('dead'), FilterCriteria: { Filters: [{ Pattern: '{' }] } },
      /filter/,
    ],
    [
      {
        FunctionName,
        EventSourceArn: `arn:aws:kinesis:us-east-1:${HUB}:stream/x`,
        StartingPosition: 'LATEST',
      },
      /"kinesis"/,
    ],
    [{ FunctionName, EventSourceArn: arn('dead'), MetricsConfig: { Metrics: [] } }, /"MetricsConfig"/],
    [
      { FunctionName, SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['a:1'] } } },
      /"SelfManagedEventSource"/,
    ],
    [{ FunctionName: 'nobody', EventSourceArn: arn('dead') }, /Function not found/],
  ] as const)
    await expect(map(input as never)).rejects.toThrow(message)
})

const data = mkdtempSync(join(tmpdir(), 'crossdock-mapping-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

it('goes on after a restart', async () => {
  const first = await startCloud({ data })
  const at = (endpoint: string): TestCloud => ({
    ...test,
    cloud: first,
    client: (one) =>
      new one({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
      } as never),
  })
  const client = at(first.endpoint).client(LambdaClient)
  const own = await makeRole(at(first.endpoint), 'own', may('logs:*', ...READS))
  await makeFunction(client, 'durable', own, 'export const handler = async () => 1')
  const { QueueUrl } = await rootCaller(first, 'sqs')('CreateQueue', { QueueName: 'durable' })
  await client.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'durable', EventSourceArn: arn('durable') }),
  )
  await first.settled()
  await first.stop()
  const second = await startCloud({ data })
  const calls = rootCaller(second, 'sqs')
  await calls('SendMessage', { QueueUrl, MessageBody: 'after' })
  await second.settled()
  const { Attributes } = await calls('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  })
  await second.stop()
})
