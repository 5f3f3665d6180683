/** Events that come from other buses and from AWS services, and the pipelines that they start. */

import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  PutPermissionCommand,
} from '@aws-sdk/client-eventbridge'

import { PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3'

import { describe, expect, it } from 'vitest'
import { DEV, HUB } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'

import { eventBoard } from './event-board.ts'

const shop = await openWorkshop()
const board = eventBoard(shop)
const { cloud } = shop
const pattern = (value: object) => ({ EventPattern: JSON.stringify(value) })

describe('buses as targets', () => {
  it('pass events on to another account, once, where role and bus allow it', async () => {
    const there = eventBoard(shop, DEV)
    const { EventBusArn } = await there.events.send(new CreateEventBusCommand({ Name: 'inbox' }))
    await there.rule(
      'read',
      { EventBusName: 'inbox', ...pattern({ source: ['travels'] }) },
      await there.logTarget('inbox'),
    )
    const role = await board.role('forwarder', { Action: 'events:PutEvents', Resource: EventBusArn })
    const bus = { Id: 'bus', Arn: EventBusArn, RoleArn: role }
    await board.rule('forward', pattern({ source: ['travels'] }), bus)
    await board.put({ Source: 'travels' })
    expect(await there.delivered('inbox')).toEqual([])

    const grant = { EventBusName: 'inbox', Action: 'events:PutEvents', StatementId: 'hub', Principal: HUB }
    await there.events.send(new PutPermissionCommand(grant))
    const { EventBusArn: third } = await there.events.send(new CreateEventBusCommand({ Name: 'third' }))
    const onward = await there.role('onward', { Action: 'events:PutEvents' })
    const further = { Id: 'third', Arn: third, RoleArn: onward }
    await there.rule('further', { EventBusName: 'inbox', ...pattern({ source: ['travels'] }) }, further)
    await there.rule(
      'end',
      { EventBusName: 'third', ...pattern({ source: ['travels'] }) },
      await there.logTarget('third'),
    )
    const { Entries } = await board.put({ Source: 'travels' })
    const [line] = await there.delivered('inbox')
    expect(JSON.parse(line!)).toMatchObject({ id: Entries![0]!.EventId, account: HUB, source: 'travels' })
    expect(await there.delivered('third')).toEqual([])
  })
})

describe('events of services', () => {
  it('start a pipeline as the role of its target when an object comes', async () => {
    const bucket = await shop.bucket('pipeline-drops')
    const NotificationConfiguration = { EventBridgeConfiguration: {} }
    await shop.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }),
    )
    const pipelineRole = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: '*' }])
    const pipeline = pipelineOf('web', pipelineRole, bucket, [[s3Source(bucket)], [approval()]])
    await shop.client(CodePipelineClient).send(new CreatePipelineCommand({ pipeline }))
    const Arn = `arn:aws:codepipeline:us-east-1:${HUB}:web`
    const RoleArn = await board.role('starter', {
      Action: 'codepipeline:StartPipelineExecution',
      Resource: Arn,
    })
    const started = pattern({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucket] }, object: { key: ['app.zip'] } },
    })
    const rule = await board.rule('source-web', started, { Id: 'pipeline', Arn, RoleArn })
    await shop.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'other.zip', Body: 'x' }))
    await shop.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'app.zip', Body: 'x' }))
    await cloud.settled()
    const { pipelineExecutionSummaries } = await shop.codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName: 'web' }),
    )
    expect(pipelineExecutionSummaries!.map((one) => one.trigger)).toMatchObject([
      { triggerType: 'CloudWatchEvent', triggerDetail: rule },
      { triggerType: 'CreatePipeline' },
    ])
    const assumed = cloud.trail
      .entries()
      .find((one) => one.action === 'sts:AssumeRole' && one.resource === RoleArn)
    expect(assumed).toMatchObject({
      caller: 'events.amazonaws.com',
      context: { 'aws:SourceArn': rule, 'aws:SourceAccount': HUB },
      decision: { effect: 'allowed' },
    })
    const call = cloud.trail.entries().findLast((one) => one.action === 'codepipeline:StartPipelineExecution')
    expect(call).toMatchObject({ principal: RoleArn, decision: { effect: 'allowed' } })
    await board.events.send(new DisableRuleCommand({ Name: 'source-web' }))
  })

  it('of the cloud itself stay inside', async () => {
    const target = await board.logTarget('everything')
    await board.rule('everything', pattern({ source: [{ prefix: 'crossdock.' }] }), target)
    await shop.s3.send(new PutObjectCommand({ Bucket: 'pipeline-drops', Key: 'silent', Body: 'x' }))
    expect(await board.delivered('everything')).toEqual([])
  })

  it('of one account and region do not reach others', async () => {
    const elsewhere = shop.client(EventBridgeClient, { region: 'eu-west-1' })
    await expect(elsewhere.send(new DescribeRuleCommand({ Name: 'source-web' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
