/** SNS through the SDK client: delivery, confirmation, filters, policies, keys. */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { AddPermissionCommand as AllowInvoke } from '@aws-sdk/client-lambda'
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { LambdaClient, makeFunction, makeRole, until } from '../lambda/functions.ts'

const test = await startTestCloud()
const sns = test.client(SNSClient)

/** What was posted to a local endpoint, with its headers. */
const received: { path: string; type: string; body: string }[] = []
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const type = String(request.headers['x-amz-sns-message-type'])
  received.push({ path: request.url ?? '', type, body: Buffer.concat(chunks).toString() })
  response.end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => server.close())

const makeTopic = async (Name: string, Attributes = {}) =>
  (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn!
const publish = (TopicArn: string, Message: string, more: Partial<PublishCommandInput> = {}) =>
  sns.send(new PublishCommand({ TopicArn, Message, ...more }))
const subscribe = (TopicArn: string, Protocol: string, Endpoint: string, Attributes = {}) =>
  sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }))

/** Subscribes a path of the local endpoint and confirms it by the link that is sent. */
async function subscribePath(TopicArn: string, path: string, attributes = {}) {
  const { SubscriptionArn } = await subscribe(TopicArn, 'http', `${endpoint}${path}`, attributes)
  await test.cloud.settled()
  const asked = received.find((one) => one.path === path && one.type === 'SubscriptionConfirmation')
  const answer = await fetch(JSON.parse(asked!.body).SubscribeURL)
  expect(answer.status).toBe(200)
  return SubscriptionArn!
}

async function messagesAt(path: string): Promise<string[]> {
  await test.cloud.settled()
  return received
    .filter((one) => one.path === path && one.type === 'Notification')
    .map((one) => (one.body.startsWith('{"Type"') ? JSON.parse(one.body).Message : one.body))
    .sort()
}

describe('delivery', () => {
  it('invokes functions that let the topic, by its ARN', async () => {
    const lambda = test.client(LambdaClient)
    const role = await makeRole(test, 'listener')
    const topic = await makeTopic('functions')
    const source =
      'export const handler = async (event) => console.log("heard", event.Records[0].Sns.Message)'
    const made = await makeFunction(lambda, 'listener', role, source)
    for (const other of [topic, made.FunctionName!, `arn:aws:lambda:us-east-1:${HUB}:layer:listener`])
      await expect(subscribe(topic, 'lambda', other)).rejects.toThrow('Lambda endpoint ARN')
    await subscribe(topic, 'lambda', made.FunctionArn!)
    await publish(topic, 'too early')
    await test.cloud.settled()
    const denied = test.cloud.trail.entries().findLast((one) => one.action === 'lambda:InvokeFunction')
    expect(denied).toMatchObject({ principal: 'sns.amazonaws.com', decision: { effect: 'implicitDeny' } })
    await lambda.send(
      new AllowInvoke({
        FunctionName: 'listener',
        StatementId: 'topic',
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: topic,
      }),
    )
    await publish(topic, 'a message')
    const logs = test.client(CloudWatchLogsClient)
    const lines = await until(
      async () =>
        (
          await logs
            .send(
              new FilterLogEventsCommand({ logGroupName: '/aws/lambda/listener', filterPattern: 'heard' }),
            )
            .catch(() => ({ events: [] }))
        ).events ?? [],
      (events) => events.length > 0,
    )
    expect(lines.map((one) => one.message)).toEqual([expect.stringContaining('heard a message')])
  })

  it('posts to loopback endpoints once they have confirmed', async () => {
    const topic = await makeTopic('http')
    const arn = await subscribePath(topic, '/plain')
    await subscribePath(topic, '/raw', { RawMessageDelivery: 'true' })
    await publish(topic, 'hello', { Subject: 'Greeting' })
    expect(await messagesAt('/plain')).toEqual(['hello'])
    expect(await messagesAt('/raw')).toEqual(['hello'])
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))
    expect(Attributes).toMatchObject({ PendingConfirmation: 'false', Protocol: 'http', Owner: HUB })
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }))
    await publish(topic, 'again')
    expect(await messagesAt('/plain')).toEqual(['hello'])
    await expect(subscribe(topic, 'https', 'https://example.com/x')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('loopback'),
    })
  })

  it('writes letters to the outbox', async () => {
    const topic = await makeTopic('letters')
    const { SubscriptionArn } = await subscribe(topic, 'email', 'ann@acme.example')
    const letters = async () => {
      await test.cloud.settled()
      const folder = join(test.cloud.folder, 'outbox')
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    }
    const [asking] = await letters()
    const Token = /token ([a-z0-9]{64})/.exec(asking!)![1]!
    await publish(topic, 'nobody confirmed yet')
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))
    expect(Subscriptions?.[0]?.SubscriptionArn).toBe('PendingConfirmation')
    await expect(
      sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: 'wrong' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(sns.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Cannot unsubscribe a subscription that is pending confirmation'),
    })
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token }))
    await publish(topic, 'Approve it, please', { Subject: 'Approval needed' })
    const all = (await letters()).filter((one) => one.includes('To: ann@acme.example'))
    expect(all).toHaveLength(2)
    expect(all.find((one) => one !== asking)).toMatch(/Subject: Approval needed\r\n[\s\S]*Approve it, please/)
  })

  it('chooses the text of a protocol, and sends batches', async () => {
    const topic = await makeTopic('batches')
    await subscribePath(topic, '/batch')
    await publish(topic, JSON.stringify({ default: 'd', http: 'for http' }), { MessageStructure: 'json' })
    await expect(
      publish(topic, JSON.stringify({ http: 'x' }), { MessageStructure: 'json' }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const { Successful, Failed } = await sns.send(
      new PublishBatchCommand({
        TopicArn: topic,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'one' },
          { Id: 'b', Message: 'two', Subject: 'x\ny' },
        ],
      }),
    )
    expect(Successful?.map((one) => one.Id)).toEqual(['a'])
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }])
    expect(await messagesAt('/batch')).toEqual(['for http', 'one'])
  })
})

describe('filter policies', () => {
  const attribute = (StringValue: string, DataType = 'String') => ({ DataType, StringValue })

  it.each<[string, object, string[]]>([
    ['exact', { kind: ['order'] }, ['order']],
    ['prefix', { kind: [{ prefix: 'or' }] }, ['order']],
    ['wildcard', { kind: [{ wildcard: '*der' }] }, ['order']],
    ['anything-but', { kind: [{ 'anything-but': ['order'] }] }, ['refund']],
    ['numeric', { price: [{ numeric: ['>', 10] }] }, ['refund']],
    ['exists', { missing: [{ exists: false }] }, ['order', 'refund']],
    ['or', { $or: [{ kind: ['x'] }, { price: [5] }] }, ['order']],
  ])('%s, on attributes', async (name, policy, expected) => {
    const topic = await makeTopic(`filter-${name}`)
    await subscribePath(topic, `/filter-${name}`, { FilterPolicy: JSON.stringify(policy) })
    await publish(topic, 'order', {
      MessageAttributes: { kind: attribute('order'), price: attribute('5', 'Number') },
    })
    await publish(topic, 'refund', {
      MessageAttributes: { kind: attribute('refund'), price: attribute('50', 'Number') },
    })
    expect(await messagesAt(`/filter-${name}`)).toEqual(expected)
  })

  it('look into the message when that is their scope', async () => {
    const topic = await makeTopic('filter-body')
    await subscribePath(topic, '/filter-body', {
      FilterPolicy: JSON.stringify({ order: { state: ['paid'] } }),
      FilterPolicyScope: 'MessageBody',
    })
    for (const state of ['paid', 'open']) await publish(topic, JSON.stringify({ order: { state } }))
    await publish(topic, 'no JSON')
    expect(await messagesAt('/filter-body')).toEqual(['{"order":{"state":"paid"}}'])
  })

  it.each(['[]', '{', '{"a":"b"}', '{"a":[]}', '{"a":[{"like":"x"}]}'])('refuse %s', async (FilterPolicy) => {
    const topic = await makeTopic('filter-refused')
    await expect(subscribe(topic, 'http', endpoint, { FilterPolicy })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })
})

describe('access', () => {
  const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' })

  it('across accounts takes the policy of the topic', async () => {
    const iam = test.client(IAMClient, { account: DEV })
    await iam.send(new CreateUserCommand({ UserName: 'caller' }))
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'caller',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allow('sns:Publish')] }),
      }),
    )
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'caller' }))
    const caller = test.client(SNSClient, {
      credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
    })
    const topic = await makeTopic('shared')
    const call = () => caller.send(new PublishCommand({ TopicArn: topic, Message: 'x' }))
    const denial = {
      name: 'AuthorizationErrorException',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining('no resource-based policy allows the sns:Publish action'),
    }
    await expect(call()).rejects.toMatchObject(denial)
    await sns.send(
      new AddPermissionCommand({
        TopicArn: topic,
        Label: 'dev',
        AWSAccountId: [DEV],
        ActionName: ['Publish'],
      }),
    )
    expect((await call()).MessageId).toBeDefined()
    await sns.send(new RemovePermissionCommand({ TopicArn: topic, Label: 'dev' }))
    await expect(call()).rejects.toMatchObject(denial)
  })

  it('refuses a policy that names who is not there', async () => {
    const TopicArn = await makeTopic('named')
    const statement = { ...allow('sns:Publish'), Principal: { AWS: `arn:aws:iam::${HUB}:role/ghost` } }
    await expect(
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: 'Policy',
          AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('PrincipalNotFound') })
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    expect(JSON.parse(Attributes!.Policy!).Statement[0].Sid).toBe('__default_statement_ID')
  })

  it('on an encrypted topic takes the key', async () => {
    const kms = test.client(KMSClient)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const topic = await makeTopic('sealed', { KmsMasterKeyId: KeyMetadata!.Arn })
    await publish(topic, 'x')
    const used = test.cloud.trail.entries().findLast((one) => one.action === 'kms:GenerateDataKey')
    expect(used?.context).toMatchObject({ 'kms:ViaService': 'sns.us-east-1.amazonaws.com' })
    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata!.KeyId }))
    await expect(publish(topic, 'x')).rejects.toMatchObject({ name: 'KMSDisabledException' })
  })

  it('keeps what Terraform sets of a topic', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'settings' }))
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
    const attributes = async () =>
      (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes as Record<string, string>
    const { EffectiveDeliveryPolicy } = await attributes()
    expect(JSON.parse(EffectiveDeliveryPolicy!).http.defaultHealthyRetryPolicy.numRetries).toBe(3)
    const role = `arn:aws:iam::${HUB}:role/feedback`
    await set('DeliveryPolicy', '{"http":{"disableSubscriptionOverrides":true}}')
    await set('TracingConfig', 'Active')
    await set('SignatureVersion', '2')
    await set('LambdaSuccessFeedbackRoleArn', role)
    await set('LambdaSuccessFeedbackSampleRate', '50')
    const found = await attributes()
    expect(found).toMatchObject({
      ...{ TracingConfig: 'Active', SignatureVersion: '2', LambdaSuccessFeedbackRoleArn: role },
      ...{ LambdaSuccessFeedbackSampleRate: '50' },
    })
    expect(JSON.parse(found.EffectiveDeliveryPolicy!).http.disableSubscriptionOverrides).toBe(true)
    await set('LambdaSuccessFeedbackRoleArn', '')
    expect(await attributes()).not.toHaveProperty('LambdaSuccessFeedbackRoleArn')
    await expect(set('TracingConfig', 'On')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(set('DeliveryPolicy', '[')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(set('Colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  it('refuses FIFO topics by name, and FIFO queues as subscribers of others', async () => {
    await expect(makeTopic('queue.fifo')).rejects.toMatchObject({ message: expect.stringContaining('FIFO') })
    const topic = await makeTopic('plain')
    await expect(subscribe(topic, 'sqs', `arn:aws:sqs:us-east-1:${HUB}:q.fifo`)).rejects.toMatchObject({
      message: expect.stringContaining('FIFO SQS Queues'),
    })
  })
})
