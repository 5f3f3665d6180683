/** What services owe each other when the cloud dies: it is delivered at the next start. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import { CodeBuildClient, CreateProjectCommand, ListBuildsCommand } from '@aws-sdk/client-codebuild'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge'
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutBucketNotificationConfigurationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB, type TestCloud } from './cloud.ts'
import { approval, pipelineOf, s3Source } from './codepipeline/declarations.ts'
import { openWorkshop, type Workshop } from './codepipeline/workshop.ts'
import { document, type EventBoard, eventBoard } from './events/event-board.ts'
import { hang, letters, loadServices, newFolder, startOnCopy } from './interrupted.ts'
import { makeFunction, makeRole } from './lambda/functions.ts'

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${HUB}:${resource}`

let shop: Workshop
let board: EventBoard
beforeAll(async () => {
  shop = await openWorkshop({ data: newFolder() })
  board = eventBoard(shop)
})

/** A topic that any service may publish to, with a subscriber that gets letters. */
async function topic(test: TestCloud, name: string): Promise<string> {
  const sns = test.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }))
  const policy = document({ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn })
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: policy }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${name}@example.com` }))
  await test.cloud.settled()
  const asked = letters(test.cloud).find((text) => text.includes(`To: ${name}@`))
  const Token = /with the token (\w+)/.exec(asked ?? '')?.[1]
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  return TopicArn!
}

/** A function that writes what it gets into its log. */
async function listener(test: TestCloud, FunctionName: string): Promise<string> {
  const lambda = test.client(LambdaClient)
  const role = await makeRole(test, FunctionName)
  const source = 'export const handler = async (event) => console.log("GOT", JSON.stringify(event))'
  await makeFunction(lambda, FunctionName, role, source)
  for (const Principal of ['events.amazonaws.com', 's3.amazonaws.com', 'sns.amazonaws.com'])
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: Principal.split('.')[0],
        Action: 'lambda:InvokeFunction',
        Principal,
      }),
    )
  return arn('lambda', `function:${FunctionName}`)
}

const invocations = ({ cloud }: TestCloud, functionArn: string): number =>
  cloud.trail
    .entries()
    .filter((one) => one.action === 'lambda:InvokeFunction' && one.resource.startsWith(functionArn)).length

describe('an event for the targets of rules', () => {
  let pipelineRole: string
  beforeAll(async () => {
    await shop.bucket('artifacts')
    await shop.bucket('drops')
    const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
    const stages = [[s3Source('drops')], [approval()]]
    await shop.codepipeline.send(
      new CreatePipelineCommand({ pipeline: pipelineOf('p', role, 'artifacts', stages) }),
    )
    await shop.client(CodeBuildClient).send(
      new CreateProjectCommand({
        name: 'builds',
        serviceRole: await shop.role('build', 'codebuild.amazonaws.com', [{ Action: 'logs:*' }]),
        source: { type: 'NO_SOURCE', buildspec: 'version: 0.2\nphases: {build: {commands: ["true"]}}\n' },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
      }),
    )
    pipelineRole = await board.role('starts', {
      Action: ['codepipeline:StartPipelineExecution', 'codebuild:StartBuild', 'events:PutEvents'],
    })
    await shop.cloud.settled()
  })

  const executions = async (test: TestCloud) => {
    const { pipelineExecutionSummaries: all = [] } = await test
      .client(CodePipelineClient)
      .send(new ListPipelineExecutionsCommand({ pipelineName: 'p' }))
    return all.filter((one) => one.trigger?.triggerType === 'CloudWatchEvent').length
  }
  const builds = async (test: TestCloud) =>
    (await test.client(CodeBuildClient).send(new ListBuildsCommand({}))).ids?.length ?? 0

  it.each(['nothing done', 'all done'] as const)(
    'starts a pipeline and a build once, cut off with %s',
    async (done) => {
      const test = await startOnCopy(shop.cloud)
      await loadServices(test.cloud)
      const own = eventBoard(test)
      const Targets = [
        { Id: 'p', Arn: arn('codepipeline', 'p'), RoleArn: pipelineRole },
        { Id: 'b', Arn: arn('codebuild', 'project/builds'), RoleArn: pipelineRole },
      ]
      await own.rule('starts', { EventPattern: '{"source":["my.app"]}' }, ...Targets)
      const reached = Promise.all([
        hang(test.cloud, 'codepipeline', 'StartPipelineExecution', done),
        hang(test.cloud, 'codebuild', 'StartBuild', done),
      ])
      await own.put({})
      await reached
      const next = await startOnCopy(test.cloud)
      await next.cloud.settled()
      expect([await executions(next), await builds(next)]).toEqual([1, 1])
      const third = await startOnCopy(next.cloud)
      await third.cloud.settled()
      expect([await executions(third), await builds(third)]).toEqual([1, 1])
    },
  )

  it('reaches functions, topics, log groups and other buses', async () => {
    const test = await startOnCopy(shop.cloud)
    await loadServices(test.cloud)
    const own = eventBoard(test)
    const [functionArn, topicArn] = [await listener(test, 'hears'), await topic(test, 'told')]
    await own.events.send(new CreateEventBusCommand({ Name: 'other' }))
    const log = await own.logTarget('direct')
    const beyond = await own.logTarget('beyond')
    const EventPattern = '{"source":["my.app"]}'
    await own.rule(
      'r',
      { EventPattern },
      log,
      { Id: 'f', Arn: functionArn },
      { Id: 't', Arn: topicArn },
      {
        Id: 'o',
        Arn: arn('events', 'event-bus/other'),
        RoleArn: pipelineRole,
      },
    )
    await own.rule('r', { EventPattern, EventBusName: 'other' }, beyond)
    const reached = Promise.all([
      hang(test.cloud, 'lambda', 'Invoke', 'nothing done'),
      hang(test.cloud, 'sns', 'Publish', 'nothing done'),
      hang(test.cloud, 'logs', 'CreateLogStream', 'nothing done'),
    ])
    await own.put({ Detail: '{"number":7}' })
    await reached
    const next = await startOnCopy(test.cloud)
    const read = eventBoard(next)
    expect((await read.delivered('direct')).map((text) => JSON.parse(text).detail)).toEqual([{ number: 7 }])
    expect((await read.delivered('beyond')).map((text) => JSON.parse(text).detail)).toEqual([{ number: 7 }])
    expect(letters(next.cloud).filter((text) => text.includes('"number":7'))).toHaveLength(1)
    expect(invocations(next, functionArn)).toBe(1)
  })

  it('of another service reaches them too', async () => {
    const test = await startOnCopy(shop.cloud)
    await loadServices(test.cloud)
    const own = eventBoard(test)
    const log = await own.logTarget('parameters')
    await own.rule('changes', { EventPattern: '{"source":["aws.ssm"]}' }, log)
    const reached = hang(test.cloud, 'logs', 'CreateLogStream', 'nothing done')
    await test
      .client(SSMClient)
      .send(new PutParameterCommand({ Name: '/told/of', Value: 'v', Type: 'String' }))
    await reached
    const next = await startOnCopy(test.cloud)
    expect(await eventBoard(next).delivered('parameters')).toEqual([expect.stringContaining('/told/of')])
  })
})

it('an object is told to functions and topics', async () => {
  const test = await startOnCopy(shop.cloud)
  await loadServices(test.cloud)
  const [functionArn, topicArn] = [await listener(test, 'counts'), await topic(test, 'objects')]
  const s3 = test.client(S3Client)
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'drops',
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: functionArn, Events: ['s3:ObjectCreated:*'] }],
        TopicConfigurations: [{ TopicArn: topicArn, Events: ['s3:ObjectCreated:*'] }],
      },
    }),
  )
  await test.cloud.settled()
  const written = letters(test.cloud).length
  const reached = Promise.all([
    hang(test.cloud, 'lambda', 'Invoke', 'nothing done'),
    hang(test.cloud, 'sns', 'Publish', 'nothing done'),
  ])
  await s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'told.txt', Body: 'x' }))
  await reached
  const next = await startOnCopy(test.cloud)
  await next.cloud.settled()
  expect(invocations(next, functionArn)).toBe(1)
  const told = letters(next.cloud)
  expect(told).toHaveLength(written + 1)
  expect(told.filter((text) => text.includes('told.txt'))).toHaveLength(1)
})

it('a message is brought to an HTTP endpoint that did not answer', async () => {
  const test = await startOnCopy(shop.cloud)
  const got: string[] = []
  let reached: () => void = () => undefined
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      got.push(body)
      reached()
      if (got.length !== 2) response.end()
    })
  }).listen(0, '127.0.0.1')
  const sns = test.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'web' }))
  const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }))
  await test.cloud.settled()
  const Token = JSON.parse(got[0]!).Token
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  const called = new Promise<void>((resolve) => {
    reached = resolve
  })
  await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }))
  await called
  const next = await startOnCopy(test.cloud)
  await next.cloud.settled()
  server.closeAllConnections()
  server.close()
  const messages = got.slice(1).map((text) => JSON.parse(text))
  expect(messages.map((one) => one.Message)).toEqual(['hello', 'hello'])
  expect(messages[1].MessageId).toBe(messages[0].MessageId)
})

it('events of a stack reach its topic', async () => {
  const test = await startOnCopy(shop.cloud)
  await loadServices(test.cloud)
  const topicArn = await topic(test, 'stacks')
  const reached = hang(test.cloud, 'sns', 'Publish', 'nothing done')
  const cloudformation = test.client(CloudFormationClient)
  const TemplateBody = JSON.stringify({ Resources: { G: { Type: 'AWS::Logs::LogGroup' } } })
  await cloudformation.send(
    new CreateStackCommand({ StackName: 's', TemplateBody, NotificationARNs: [topicArn] }),
  )
  await reached
  const next = await startOnCopy(test.cloud)
  await next.cloud.settled()
  const told = letters(next.cloud).join('\n')
  for (const status of ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']) expect(told).toContain(status)
})

it('a custom resource is asked once more with the same request, and its answer is taken', async () => {
  const test = await startOnCopy(shop.cloud)
  const topicArn = await topic(test, 'asked')
  const TemplateBody = JSON.stringify({
    Resources: { C: { Type: 'Custom::Thing', Properties: { ServiceToken: topicArn } } },
  })
  await test.client(CloudFormationClient).send(new CreateStackCommand({ StackName: 'custom', TemplateBody }))
  const requests = (one: TestCloud) =>
    letters(one.cloud)
      .filter((text) => text.includes('ResponseURL') && text.endsWith('\r\n'))
      .map((text) => JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as Record<string, string>)
  await until(() => requests(test).length > 0)
  const [first] = requests(test)
  const next = await startOnCopy(test.cloud)
  await until(() => requests(next).length > 1)
  const [again] = requests(next).filter((one) => one.ResponseURL !== first!.ResponseURL)
  expect({ ...again, ResponseURL: '' }).toEqual({ ...first, ResponseURL: '' })
  await fetch(again!.ResponseURL!, {
    method: 'PUT',
    body: JSON.stringify({ ...again, Status: 'SUCCESS', PhysicalResourceId: 'made' }),
  })
  await next.cloud.settled()
  const { Stacks } = await next
    .client(CloudFormationClient)
    .send(new DescribeStacksCommand({ StackName: 'custom' }))
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE')
})

/** Waits for what comes from the background while something in it goes on. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
