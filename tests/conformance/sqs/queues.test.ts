/** Queues by the cloud's clock: what is sent, received, hidden, buried, and whom a queue's policy lets in. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { ModelledClient, rootCaller } from '../modelled-client.ts'

const clock = new HandClock(Date.parse('2026-12-01T12:00:00Z'))
const now = () => clock.now()
const test = await startTestCloud({ clock })
const call = rootCaller(test.cloud, 'sqs', { now })
const seconds = (count: number) => clock.pass(count / 60, 1000)

const refusal = (operation: string, input: object) =>
  call(operation, input).then(
    () => 'taken',
    ({ name, message }: Error) => `${name}: ${message}`,
  )
const make = async (QueueName: string, Attributes: object = {}) =>
  (await call('CreateQueue', { QueueName, Attributes })).QueueUrl as string
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  call('SendMessage', { QueueUrl, MessageBody, ...more })
const receive = async (QueueUrl: string, more: object = {}) =>
  ((await call('ReceiveMessage', { QueueUrl, ...more })).Messages ?? []) as {
    Body: string
    MessageId: string
    ReceiptHandle: string
    Attributes: Record<string, string>
    MessageAttributes: Record<string, object>
    MD5OfBody: string
    MD5OfMessageAttributes: string
  }[]
const bodies = async (url: string, more: object = {}) =>
  (await receive(url, { MaxNumberOfMessages: 10, ...more })).map(({ Body }) => Body)
const attributesOf = async (QueueUrl: string) =>
  (await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes as Record<
    string,
    string
  >
const arnOf = (name: string, account = HUB) => `arn:aws:sqs:us-east-1:${account}:${name}`

describe('a queue', () => {
  it('is made, told, changed and deleted', async () => {
    const url = await make('orders', { VisibilityTimeout: '10' })
    expect(url).toBe(`${test.cloud.endpoint}/${HUB}/orders`)
    expect(await make('orders', { VisibilityTimeout: '10' })).toBe(url)
    expect(
      await refusal('CreateQueue', { QueueName: 'orders', Attributes: { VisibilityTimeout: '11' } }),
    ).toBe(
      'QueueNameExists: A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    )
    expect(await attributesOf(url)).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: '1796126400',
      LastModifiedTimestamp: '1796126400',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '10',
      SqsManagedSseEnabled: 'true',
    })
    await call('SetQueueAttributes', { QueueUrl: url, Attributes: { DelaySeconds: '5' } })
    expect((await attributesOf(url)).DelaySeconds).toBe('5')
    expect((await call('GetQueueUrl', { QueueName: 'orders' })).QueueUrl).toBe(url)
    expect((await call('ListQueues', { QueueNamePrefix: 'ord' })).QueueUrls).toEqual([url])
    await call('TagQueue', { QueueUrl: url, Tags: { team: 'shop' } })
    expect((await call('ListQueueTags', { QueueUrl: url })).Tags).toEqual({ team: 'shop' })
    await call('DeleteQueue', { QueueUrl: url })
    expect(await refusal('GetQueueAttributes', { QueueUrl: url })).toBe(
      'QueueDoesNotExist: The specified queue does not exist.',
    )
  })

  it.each([
    [{ QueueName: 'a b' }, 'InvalidParameterValue: Can only include alphanumeric'],
    [
      { QueueName: 'a', Attributes: { DelaySeconds: '901' } },
      'InvalidAttributeValue: Invalid value for the parameter DelaySeconds.',
    ],
    [{ QueueName: 'a', Attributes: { FifoQueue: 'true' } }, 'must end with .fifo suffix'],
    [
      { QueueName: 'a', Attributes: { ContentBasedDeduplication: 'true' } },
      'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.',
    ],
    [
      { QueueName: 'a', Attributes: { RedrivePolicy: '{"maxReceiveCount":1}' } },
      'Invalid value for deadLetterTargetArn.',
    ],
    [
      { QueueName: 'a', Attributes: { Policy: '{' } },
      'InvalidAttributeValue: Invalid value for the parameter Policy.',
    ],
  ])('%j is refused', async (input, message) => {
    expect(await refusal('CreateQueue', input)).toContain(message)
  })
})

describe('a message', () => {
  it('is hidden once it is received, and comes again unless it is deleted', async () => {
    const url = await make('hidden', { VisibilityTimeout: '30' })
    const { MessageId, MD5OfMessageBody } = await send(url, 'hello')
    expect(MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592')
    const [first] = await receive(url, { MessageSystemAttributeNames: ['All'] })
    expect(first).toMatchObject({
      MessageId,
      Body: 'hello',
      MD5OfBody: MD5OfMessageBody,
      Attributes: { SenderId: HUB, ApproximateReceiveCount: '1', SentTimestamp: String(now()) },
    })
    expect(await receive(url)).toEqual([])
    expect((await attributesOf(url)).ApproximateNumberOfMessagesNotVisible).toBe('1')
    await seconds(30)
    const [second] = await receive(url, { AttributeNames: ['ApproximateReceiveCount'] })
    expect(second!.Attributes).toEqual({ ApproximateReceiveCount: '2' })
    // The handle of an older receipt deletes nothing.
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first!.ReceiptHandle })
    await call('ChangeMessageVisibility', {
      QueueUrl: url,
      ReceiptHandle: second!.ReceiptHandle,
      VisibilityTimeout: 0,
    })
    const [third] = await receive(url)
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: third!.ReceiptHandle })
    await seconds(60)
    expect(await receive(url)).toEqual([])
    expect(await refusal('DeleteMessage', { QueueUrl: url, ReceiptHandle: 'x' })).toContain(
      'ReceiptHandleIsInvalid',
    )
  })

  it('has attributes, with a digest that clients hold against theirs', async () => {
    const url = await make('attributes')
    const MessageAttributes = {
      'app.kind': { DataType: 'String', StringValue: 'order' },
      count: { DataType: 'Number', StringValue: '3' },
    }
    const sent = await send(url, 'x', { MessageAttributes })
    expect(sent.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/)
    const [message] = await receive(url, { MessageAttributeNames: ['All'], VisibilityTimeout: 0 })
    expect(message).toMatchObject({ MessageAttributes, MD5OfMessageAttributes: sent.MD5OfMessageAttributes })
    const [some] = await receive(url, { MessageAttributeNames: ['app.*'] })
    expect(Object.keys(some!.MessageAttributes)).toEqual(['app.kind'])
  })

  it('may be delayed, and goes when it is too old', async () => {
    const url = await make('delayed', { DelaySeconds: '10', MessageRetentionPeriod: '60' })
    await send(url, 'late')
    await send(url, 'at once', { DelaySeconds: 0 })
    expect(await bodies(url, { VisibilityTimeout: 0 })).toEqual(['at once'])
    await seconds(10)
    expect(await bodies(url, { VisibilityTimeout: 0 })).toEqual(['late', 'at once'])
    await seconds(60)
    expect(await bodies(url)).toEqual([])
  })

  it('is waited for', async () => {
    const url = await make('awaited')
    const waiting = bodies(url, { WaitTimeSeconds: 20 })
    await send(url, 'came')
    expect(await waiting).toEqual(['came'])
    const until = { done: false }
    const nothing = bodies(url, { WaitTimeSeconds: 5 }).then((found) => {
      until.done = true
      return found
    })
    // The request has to have come before the time passes.
    while (!until.done) await seconds(1)
    expect(await nothing).toEqual([])
  })

  it('that was received too often is a dead letter', async () => {
    const dead = await make('dead')
    const url = await make('living', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: '2' }),
    })
    const { MessageId } = await send(url, 'poison')
    expect([await bodies(url), await bodies(url), await bodies(url)]).toEqual([['poison'], ['poison'], []])
    const [buried] = await receive(dead, { AttributeNames: ['All'] })
    expect(buried).toMatchObject({
      MessageId,
      Body: 'poison',
      Attributes: { DeadLetterQueueSourceArn: arnOf('living'), ApproximateReceiveCount: '1' },
    })
    expect((await call('ListDeadLetterSourceQueues', { QueueUrl: dead })).queueUrls).toEqual([url])
  })

  it('that is a dead letter is moved back', async () => {
    const dead = await make('morgue')
    const url = await make('ward', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('morgue'), maxReceiveCount: 1 }),
    })
    await send(url, 'again')
    expect([await bodies(url), await bodies(url)]).toEqual([['again'], []])
    expect(await refusal('StartMessageMoveTask', { SourceArn: arnOf('ward') })).toBe(
      'InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
    )
    const { TaskHandle } = await call('StartMessageMoveTask', { SourceArn: arnOf('morgue') })
    await test.cloud.settled()
    expect((await call('ListMessageMoveTasks', { SourceArn: arnOf('morgue') })).Results).toMatchObject([
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, SourceArn: arnOf('morgue') },
    ])
    expect(await refusal('CancelMessageMoveTask', { TaskHandle })).toContain('ResourceNotFoundException')
    expect(await bodies(dead)).toEqual([])
    expect(await bodies(url)).toEqual(['again'])
  })

  it('comes in batches', async () => {
    const url = await make('batches')
    const { Successful, Failed } = await call('SendMessageBatch', {
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'two', DelaySeconds: 1000 },
        { Id: 'c', MessageBody: 'three' },
      ],
    })
    expect(Successful.map(({ Id }: { Id: string }) => Id)).toEqual(['a', 'c'])
    expect(Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' }])
    const got = await receive(url, { MaxNumberOfMessages: 10 })
    const Entries = got.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }))
    expect((await call('DeleteMessageBatch', { QueueUrl: url, Entries })).Successful).toHaveLength(2)
    expect(await refusal('DeleteMessageBatch', { QueueUrl: url, Entries: [] })).toContain('EmptyBatchRequest')
    const twice = [Entries[0], Entries[0]]
    expect(await refusal('DeleteMessageBatch', { QueueUrl: url, Entries: twice })).toBe(
      'BatchEntryIdsNotDistinct: Id 0 repeated.',
    )
    await send(url, 'left')
    await call('PurgeQueue', { QueueUrl: url })
    expect(await bodies(url)).toEqual([])
    expect(await refusal('PurgeQueue', { QueueUrl: url })).toContain('PurgeQueueInProgress')
  })
})

describe('a FIFO queue', () => {
  it('keeps the order of each group, and drops repetitions', async () => {
    const url = await make('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
    const to = (group: string, body: string, more: object = {}) =>
      send(url, body, { MessageGroupId: group, ...more })
    const first = await to('a', 'a1')
    expect(first.SequenceNumber).toMatch(/^\d{20}$/)
    expect((await to('a', 'a1')).MessageId).toBe(first.MessageId)
    await to('a', 'a2')
    await to('b', 'b1')
    const [a1] = await receive(url)
    expect(a1!.Body).toBe('a1')
    // As long as one of a group is in flight, no other of it is given.
    expect(await bodies(url)).toEqual(['b1'])
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: a1!.ReceiptHandle })
    expect(await bodies(url)).toEqual(['a2'])
    await seconds(301)
    expect((await to('a', 'a1')).MessageId).not.toBe(first.MessageId)
    expect(await refusal('SendMessage', { QueueUrl: url, MessageBody: 'x' })).toBe(
      'MissingParameter: The request must contain the parameter MessageGroupId.',
    )
  })
})

describe('permissions', () => {
  const iam = test.client(IAMClient)
  const userOf = async (UserName: string, account: string, Action: string[]) => {
    const own = account === HUB ? iam : test.client(IAMClient, { account })
    await own.send(new CreateUserCommand({ UserName }))
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await own.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
    const { AccessKey } = await own.send(new CreateAccessKeyCommand({ UserName }))
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const client = new ModelledClient('sqs', {
      endpoint: test.cloud.endpoint,
      region: 'us-east-1',
      credentials,
    })
    Object.defineProperty(client.config, 'systemClockOffset', { get: () => now() - Date.now() })
    return (operation: string, input: object) => client.call(operation, input)
  }

  it("of another account come from both sides, and never for what is the owner's alone", async () => {
    const url = await make('shared')
    const theirs = await userOf('reader', DEV, ['sqs:*'])
    await expect(theirs('SendMessage', { QueueUrl: url, MessageBody: 'x' })).rejects.toThrow('not authorized')
    await call('AddPermission', {
      ...{ QueueUrl: url, Label: 'dev', AWSAccountIds: [DEV], Actions: ['SendMessage', 'ReceiveMessage'] },
    })
    await theirs('SendMessage', { QueueUrl: url, MessageBody: 'x' })
    expect(await bodies(url)).toEqual(['x'])
    await expect(theirs('DeleteQueue', { QueueUrl: url })).rejects.toThrow()
    await call('RemovePermission', { QueueUrl: url, Label: 'dev' })
    await expect(theirs('SendMessage', { QueueUrl: url, MessageBody: 'x' })).rejects.toThrow('not authorized')
  })

  it('on the key are asked of whoever sends and receives', async () => {
    const kms = test.client(KMSClient)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const url = await make('sealed', { KmsMasterKeyId: KeyMetadata!.KeyId })
    const user = await userOf('sender', HUB, ['sqs:*'])
    await expect(user('SendMessage', { QueueUrl: url, MessageBody: 'x' })).rejects.toMatchObject({
      name: 'KmsAccessDenied',
    })
    await send(url, 'sealed')
    await expect(user('ReceiveMessage', { QueueUrl: url })).rejects.toMatchObject({ name: 'KmsAccessDenied' })
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: HUB }, Action: 'kms:*', Resource: '*' },
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${HUB}:user/sender` },
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': arnOf('sealed') } },
        },
      ],
    })
    await kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata!.KeyId, Policy }))
    expect((await user('ReceiveMessage', { QueueUrl: url })).Messages).toMatchObject([{ Body: 'sealed' }])
  })
})
