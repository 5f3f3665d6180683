/** Small writes of every kind beside a system's life, each kept in the ledger as it is acknowledged. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import {
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { pack } from '../../src/cloud/machine/archive.ts'
import { putStack } from './drive-stack.ts'
import { inTime } from './ledger.ts'
import { oneOf, type Random, seededRandom } from './random.ts'
import type { Visit } from './visit.ts'

const HOME = { account: '111111111111', region: 'us-east-1' }
const STACK = { stack: 'chaos-writes', target: HOME }
const TOPIC = `arn:aws:sns:${HOME.region}:${HOME.account}:chaos`
const BUCKET = 'chaos-writes'
/** How long a delivery may take once the kills are over, in milliseconds. */
const DELIVERED_WITHIN = 15_000
/** Milliseconds between two writes. */
const REST = 40

/** Writes down the id of every event that it gets. */
const SUBSCRIBER = `import { appendFileSync } from 'node:fs'
export const handler = async (event) => {
  const id = event.Records ? event.Records[0].Sns.MessageId : event.id
  appendFileSync(process.env.FILE, id + '\\n')
}`

/** Answers what a stack asks of its custom resource. */
const ANSWERER = `export const handler = async ({ ResponseURL, StackId, RequestId, LogicalResourceId }) => {
  const body = { Status: 'SUCCESS', PhysicalResourceId: 'chaos', StackId, RequestId, LogicalResourceId }
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) })
}`

export class SmallWrites {
  private readonly visit: Visit
  private readonly random: Random
  private readonly file: string
  private stopped = false
  private count = 0

  constructor(visit: Visit) {
    this.visit = visit
    this.random = seededRandom(Math.floor(visit.random() * 2 ** 32), 'writes')
    this.file = join(visit.cloud.work, 'deliveries')
  }

  /** Writes until it is stopped. */
  async go(): Promise<void> {
    await putStack(this.visit, { ...STACK, template: templateOf(this.file) })
    const kinds = [
      this.object,
      this.parameter,
      this.secret,
      this.message,
      this.event,
      this.invocation,
      this.code,
    ]
    while (!this.stopped) {
      const name = `write-${++this.count}`
      await oneOf(this.random, kinds).call(this, name)
      if (this.count % 25 === 0)
        await putStack(this.visit, { ...STACK, template: templateOf(this.file, `${this.count}`) })
      await sleep(REST)
    }
  }

  stop(): void {
    this.stopped = true
  }

  /** How many deliveries came more than once. */
  async repeated(): Promise<number> {
    const ids = (await readFile(this.file, 'utf8').catch(() => '')).split('\n').filter(Boolean)
    return ids.length - new Set(ids).size
  }

  private async object(Key: string): Promise<void> {
    const s3 = await this.visit.accounts.client(S3Client, HOME)
    const Body = Key.repeat(1 + Math.floor(this.random() * 5000))
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
    this.visit.ledger.acknowledge(`PutObject ${Key}`, async () => {
      const found = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
      return (await found.Body?.transformToString()) === Body ? undefined : 'its body is another'
    })
  }

  private async parameter(Name: string): Promise<void> {
    const ssm = await this.visit.accounts.client(SSMClient, HOME)
    const Value = `value of ${Name}`
    const Type = this.random() < 0.5 ? 'String' : 'SecureString'
    await ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }))
    this.visit.ledger.acknowledge(`PutParameter ${Name}`, async () => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))
      return Parameter?.Value === Value ? undefined : `its value is ${Parameter?.Value}`
    })
  }

  private async secret(Name: string): Promise<void> {
    const secrets = await this.visit.accounts.client(SecretsManagerClient, HOME)
    const SecretString = `secret of ${Name}`
    await secrets.send(new CreateSecretCommand({ Name, SecretString }))
    this.visit.ledger.acknowledge(`CreateSecret ${Name}`, async () => {
      const found = await secrets.send(new GetSecretValueCommand({ SecretId: Name }))
      return found.SecretString === SecretString ? undefined : 'its value is another'
    })
  }

  private async message(Message: string): Promise<void> {
    const sns = await this.visit.accounts.client(SNSClient, HOME)
    const { MessageId = '' } = await sns.send(new PublishCommand({ TopicArn: TOPIC, Message }))
    this.delivers(`Publish ${Message}`, MessageId)
  }

  private async event(name: string): Promise<void> {
    const events = await this.visit.accounts.client(EventBridgeClient, HOME)
    const Entries = [{ Source: 'chaos', DetailType: name, Detail: '{}' }]
    const answer = await events.send(new PutEventsCommand({ Entries }))
    this.delivers(`PutEvents ${name}`, answer.Entries?.[0]?.EventId ?? '')
  }

  private async invocation(name: string): Promise<void> {
    const lambda = await this.visit.accounts.client(LambdaClient, HOME)
    const id = `${name}-invoked`
    const Payload = Buffer.from(JSON.stringify({ id }))
    await lambda.send(
      new InvokeCommand({ FunctionName: 'chaos-subscriber', InvocationType: 'Event', Payload }),
    )
    this.delivers(`Invoke ${name}`, id)
  }

  private async code(name: string): Promise<void> {
    const lambda = await this.visit.accounts.client(LambdaClient, HOME)
    const ZipFile = await pack([{ name: 'index.mjs', content: Buffer.from(`// ${name}\n${SUBSCRIBER}`) }])
    const sha = createHash('sha256').update(ZipFile).digest('base64')
    const FunctionName = 'chaos-coded'
    try {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }))
    } catch (error) {
      // An update is under way still: the next one comes later.
      if ((error as Error).name === 'ResourceConflictException') return
      throw error
    }
    this.visit.ledger.acknowledge('UpdateFunctionCode', async () => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }))
      return Configuration?.CodeSha256 === sha ? undefined : `its code is not that of ${name}`
    })
  }

  /** The subscriber must have been told, at least once. */
  private delivers(what: string, id: string): void {
    const told = async () => (await readFile(this.file, 'utf8').catch(() => '')).split('\n').includes(id)
    this.visit.ledger.acknowledge(what, () =>
      inTime(async () => ((await told()) ? undefined : `${id} was never delivered`), DELIVERED_WITHIN),
    )
  }
}

/** A function that is told by a topic and by a rule, one whose code changes, a custom resource, and a bucket. */
function templateOf(file: string, version = '0'): string {
  const functionOf = (FunctionName: string, ZipFile = SUBSCRIBER) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile },
      Environment: { Variables: { FILE: file, VERSION: version } },
    },
  })
  const permission = (service: string, SourceArn: unknown) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'Subscriber' },
      Action: 'lambda:InvokeFunction',
      Principal: `${service}.amazonaws.com`,
      SourceArn,
    },
  })
  const arn = { 'Fn::GetAtt': ['Subscriber', 'Arn'] }
  return JSON.stringify({
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'chaos-functions',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
      Subscriber: functionOf('chaos-subscriber'),
      // Its code is changed by hand, so that the stack must not change it.
      Coded: {
        ...functionOf('chaos-coded'),
        Properties: { ...functionOf('chaos-coded').Properties, Environment: undefined },
      },
      Answerer: functionOf('chaos-answerer', ANSWERER),
      Asked: {
        Type: 'Custom::Asked',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Answerer', 'Arn'] }, Version: version },
      },
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: { TopicName: 'chaos', Subscription: [{ Protocol: 'lambda', Endpoint: arn }] },
      },
      TopicMayInvoke: permission('sns', { Ref: 'Topic' }),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['chaos'] }, Targets: [{ Id: 'subscriber', Arn: arn }] },
      },
      RuleMayInvoke: permission('events', { 'Fn::GetAtt': ['Rule', 'Arn'] }),
    },
  })
}
