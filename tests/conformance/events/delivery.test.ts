/** Events reach the targets of the rules they fit, as EventBridge or as the target's role, and nobody else's. */
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  ListBuildsForProjectCommand,
} from '@aws-sdk/client-codebuild'

import { CreateEventBusCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda'

import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'

import { openWorkshop } from '../codepipeline/workshop.ts'
import { makeFunction, makeRole } from '../lambda/functions.ts'
import { document, eventBoard } from './event-board.ts'

const shop = await openWorkshop()
const board = eventBoard(shop)
const { cloud } = shop
const pattern = (value: object) => ({ EventPattern: JSON.stringify(value) })
const decisions = (action: string) =>
  cloud.trail
    .entries()
    .filter((entry) => entry.action === action)
    .map((entry) => ({
      caller: entry.caller,
      effect: entry.decision.effect,
      source: entry.context['aws:SourceArn'],
    }))

describe('PutEvents', () => {
  it('brings an event to the rules of its bus that it fits', async () => {
    const target = await board.logTarget('custom')
    await board.events.send(new CreateEventBusCommand({ Name: 'orders' }))
    await board.rule(
      'fits',
      { EventBusName: 'orders', ...pattern({ detail: { n: [{ numeric: ['>', 1] }] } }) },
      target,
    )
    await board.rule('elsewhere', pattern({ source: ['my.app'] }), target)
    await board.rule(
      'off',
      { EventBusName: 'orders', State: 'DISABLED', ...pattern({ source: ['my.app'] }) },
      target,
    )
    const { Entries, FailedEntryCount } = await board.put(
      {
        EventBusName: 'orders',
        Detail: '{"n": 2}',
        Resources: ['r'],
        Time: new Date('2026-11-01T10:00:00Z'),
      },
      { EventBusName: 'orders', Detail: '{"n": 1}' },
      { EventBusName: 'nowhere' },
    )
    expect(FailedEntryCount).toBe(0)
    const lines = await board.delivered('custom')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        version: '0',
        id: Entries![0]!.EventId,
        'detail-type': 'Change',
        source: 'my.app',
        account: HUB,
        time: '2026-11-01T10:00:00Z',
        region: 'us-east-1',
        resources: ['r'],
        detail: { n: 2 },
      },
    ])
  })

  it('refuses entries one by one, and too much at once', async () => {
    const { FailedEntryCount, Entries } = await board.put(
      { Source: undefined },
      { DetailType: '' },
      { Detail: undefined },
      { Detail: '[]' },
      { Detail: 'text' },
      { Source: 'aws.s3' },
      {},
    )
    expect(FailedEntryCount).toBe(6)
    expect(Entries!.map((one) => one.ErrorCode)).toEqual([
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      undefined,
    ])
    expect(Entries![0]!.ErrorMessage).toBe(
      'Parameter Source is not valid. Reason: Source is a required argument.',
    )
    await expect(board.put({ Detail: JSON.stringify({ x: 'x'.repeat(1_048_576) }) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    })
    await expect(board.put({ TraceHeader: 'Root=1' })).rejects.toThrow('TraceHeader')
  })
})

describe('targets', () => {
  it('of functions need a permission for the rule', async () => {
    const lambda = shop.client(LambdaClient)
    const role = await makeRole(shop, 'fn')
    const code = 'export const handler = async () => "ok"'
    const { FunctionArn } = await makeFunction(lambda, 'listener', role, code)
    const rule = await board.rule('to-function', pattern({ source: ['to.function'] }), {
      Id: 'f',
      Arn: FunctionArn,
    })
    cloud.trail.clear()
    await board.put({ Source: 'to.function' })
    await cloud.settled()
    const denied = { caller: 'events.amazonaws.com', effect: 'implicitDeny', source: rule }
    expect(decisions('lambda:InvokeFunction')).toEqual([denied])
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'listener',
        StatementId: 'rule',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: rule,
      }),
    )
    cloud.trail.clear()
    await board.put({ Source: 'to.function' })
    await cloud.settled()
    expect(decisions('lambda:InvokeFunction')).toEqual([{ ...denied, effect: 'allowed' }])
  })

  it('of topics need the topic to let EventBridge publish', async () => {
    const sns = shop.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'listening' }))
    const rule = await board.rule('to-topic', pattern({ source: ['to.topic'] }), { Id: 't', Arn: TopicArn })
    cloud.trail.clear()
    await board.put({ Source: 'to.topic' })
    await cloud.settled()
    const AttributeValue = document({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: TopicArn,
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    })
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
    await board.put({ Source: 'to.topic' })
    await cloud.settled()
    expect(decisions('sns:Publish').map((one) => one.effect)).toEqual(['implicitDeny', 'allowed'])
  })

  it('of projects start a build with the parameters of the target', async () => {
    const codebuild = shop.client(CodeBuildClient)
    const serviceRole = await shop.role('builder', 'codebuild.amazonaws.com', [{ Action: 'logs:*' }])
    const { project } = await codebuild.send(
      new CreateProjectCommand({
        name: 'nightly',
        serviceRole,
        source: {
          type: 'NO_SOURCE',
          buildspec: 'version: 0.2\nphases:\n  build:\n    commands: ["true"]\n',
        },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          computeType: 'BUILD_GENERAL1_SMALL',
        },
      }),
    )
    const RoleArn = await board.role('build-starter', {
      Action: 'codebuild:StartBuild',
      Resource: project!.arn,
    })
    const Input = JSON.stringify({ environmentVariablesOverride: [{ name: 'REASON', value: 'night' }] })
    const target = { Id: 'b', Arn: project!.arn, RoleArn, Input }
    await board.rule('to-project', pattern({ source: ['to.project'] }), target)
    await board.put({ Source: 'to.project' })
    await cloud.settled()
    const { ids } = await codebuild.send(new ListBuildsForProjectCommand({ projectName: 'nightly' }))
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids }))
    expect(builds).toMatchObject([
      {
        buildStatus: 'SUCCEEDED',
        environment: { environmentVariables: [{ name: 'REASON', value: 'night' }] },
      },
    ])
  })

  it('get what their transformer makes of the event', async () => {
    const target = await board.logTarget('transformed')
    const InputTransformer = {
      InputPathsMap: { name: '$.detail.name' },
      InputTemplate:
        '{"timestamp": <aws.events.event.ingestion-time>, "message": "<name> came by <aws.events.rule-name>"}',
    }
    await board.rule('transforming', pattern({ source: ['transformed'] }), { ...target, InputTransformer })
    await board.put({ Source: 'transformed', Detail: '{"name": "Ada"}' })
    expect(await board.delivered('transformed')).toEqual(['Ada came by transforming'])
  })

  it('take a role only from who may pass it', async () => {
    const role = await board.role('passed', { Action: 'codepipeline:StartPipelineExecution' })
    const Arn = `arn:aws:codepipeline:us-east-1:${HUB}:none`
    const rule = await board.rule('passing', pattern({ source: ['x'] }))
    cloud.trail.clear()
    const Targets = [{ Id: 'p', Arn, RoleArn: role }]
    await board.events.send(new PutTargetsCommand({ Rule: 'passing', Targets }))
    const asked = cloud.trail.entries().map(({ action, resource, context }) => ({
      action,
      resource,
      to: context['iam:PassedToService'],
      target: context['events:TargetArn'],
    }))
    expect(asked).toEqual([
      { action: 'events:PutTargets', resource: rule, to: undefined, target: [Arn] },
      { action: 'iam:PassRole', resource: role, to: 'events.amazonaws.com', target: undefined },
    ])
  })
})
