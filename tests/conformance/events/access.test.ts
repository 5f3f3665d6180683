/** What policies decide about EventBridge: condition keys, ARNs of rules, and roles that are handed over. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { document, eventBoard } from './event-board.ts'

const test = await startTestCloud()
const board = eventBoard(test)
const RULES = `arn:aws:events:us-east-1:${HUB}:rule`

/** A client of a user who may do only so much. */
async function user(UserName: string, ...statements: object[]): Promise<EventBridgeClient> {
  const iam = test.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const allow = statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }))
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: document(...allow) }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const { AccessKeyId, SecretAccessKey } = AccessKey!
  return test.client(EventBridgeClient, {
    credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! },
  })
}

const denied = { name: 'AccessDeniedException' }
const pattern = (source: string, detailType?: string) =>
  JSON.stringify({ source: [source], ...(detailType && { 'detail-type': [detailType] }) })

describe('events', () => {
  it('are sent to the buses, from the sources and of the types that a policy names', async () => {
    await board.events.send(new CreateEventBusCommand({ Name: 'allowed' }))
    const sender = await user('sender', {
      Action: 'events:PutEvents',
      Resource: `arn:aws:events:us-east-1:${HUB}:event-bus/allowed`,
      Condition: { StringEquals: { 'events:source': 'my.app', 'events:detail-type': 'Change' } },
    })
    const put = (entry: object) =>
      sender.send(
        new PutEventsCommand({
          Entries: [
            { EventBusName: 'allowed', Source: 'my.app', DetailType: 'Change', Detail: '{}', ...entry },
          ],
        }),
      )
    expect(await put({})).toMatchObject({ FailedEntryCount: 0 })
    await expect(put({ Source: 'other.app' })).rejects.toMatchObject(denied)
    await expect(put({ DetailType: 'Other' })).rejects.toMatchObject(denied)
    await expect(put({ EventBusName: 'default' })).rejects.toMatchObject({
      ...denied,
      message: `User: arn:aws:iam::${HUB}:user/sender is not authorized to perform: events:PutEvents on resource: arn:aws:events:us-east-1:${HUB}:event-bus/default because no identity-based policy allows the events:PutEvents action`,
    })
  })
})

describe('rules', () => {
  it('are put for the sources that a policy names', async () => {
    const author = await user('author', {
      Action: 'events:PutRule',
      Resource: `${RULES}/mine-*`,
      Condition: {
        'ForAllValues:StringEquals': { 'events:source': 'my.app' },
        Null: { 'events:source': 'false' },
      },
    })
    const put = (Name: string, EventPattern: string) =>
      author.send(new PutRuleCommand({ Name, EventPattern }))
    await put('mine-1', pattern('my.app', 'Change'))
    await expect(put('mine-1', pattern('aws.s3'))).rejects.toMatchObject(denied)
    await expect(put('mine-1', '{"detail-type": ["Change"]}')).rejects.toMatchObject(denied)
    await expect(put('other', pattern('my.app'))).rejects.toMatchObject(denied)
    await expect(author.send(new ListRulesCommand({}))).rejects.toMatchObject(denied)
  })

  it('on a custom bus have the bus in their ARN, and tags count', async () => {
    await board.events.send(new CreateEventBusCommand({ Name: 'team' }))
    const owner = await user(
      'owner',
      { Action: 'events:PutRule', Resource: `${RULES}/team/*` },
      { Action: 'events:TagResource', Condition: { StringEquals: { 'aws:RequestTag/team': 'ours' } } },
    )
    const input = { Name: 'r', EventPattern: pattern('my.app') }
    await owner.send(new PutRuleCommand({ ...input, EventBusName: 'team' }))
    await expect(owner.send(new PutRuleCommand(input))).rejects.toMatchObject(denied)
    const tag = (Value: string) =>
      owner.send(new TagResourceCommand({ ResourceARN: `${RULES}/team/r`, Tags: [{ Key: 'team', Value }] }))
    await tag('ours')
    await expect(tag('theirs')).rejects.toMatchObject(denied)
  })

  it('aim only where a policy allows, with roles that may be passed', async () => {
    const pipeline = `arn:aws:codepipeline:us-east-1:${HUB}:web`
    const RoleArn = await board.role('starter', { Action: 'codepipeline:StartPipelineExecution' })
    const passable = await board.role('passable')
    await board.rule('aimed', { EventPattern: pattern('my.app') })
    const archer = await user(
      'archer',
      {
        Action: 'events:PutTargets',
        Resource: `${RULES}/aimed`,
        Condition: { 'ForAllValues:ArnLike': { 'events:TargetArn': 'arn:aws:codepipeline:*:*:*' } },
      },
      {
        Action: 'iam:PassRole',
        Resource: passable,
        Condition: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
      },
    )
    const aim = (Arn: string, role?: string) =>
      archer.send(new PutTargetsCommand({ Rule: 'aimed', Targets: [{ Id: 't', Arn, RoleArn: role }] }))
    await aim(pipeline, passable)
    await expect(aim(pipeline, RoleArn)).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining(`iam:PassRole on resource: ${RoleArn}`),
    })
    await expect(aim(`arn:aws:sns:us-east-1:${HUB}:topic`)).rejects.toMatchObject(denied)
  })
})
