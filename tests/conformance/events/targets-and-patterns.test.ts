/** Targets: put, listed, removed, refused; and patterns tested without a rule. */
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud()
const events = client(EventBridgeClient)
const EventPattern = JSON.stringify({ source: ['my.app'] })
const TOPIC = `arn:aws:sns:us-east-1:${HUB}:topic`

describe('targets', () => {
  it('are put, replaced, listed and removed', async () => {
    await events.send(new PutRuleCommand({ Name: 'aimed', EventPattern }))
    const put = (...Targets: Target[]) => events.send(new PutTargetsCommand({ Rule: 'aimed', Targets }))
    expect(await put({ Id: 'a', Arn: TOPIC }, { Id: 'b', Arn: TOPIC })).toMatchObject({ FailedEntryCount: 0 })
    const transformer = { InputPathsMap: { t: '$.detail-type' }, InputTemplate: '"<t>"' }
    await put({ Id: 'a', Arn: TOPIC, InputTransformer: transformer })
    const list = async () => (await events.send(new ListTargetsByRuleCommand({ Rule: 'aimed' }))).Targets
    expect(await list()).toEqual([
      { Id: 'a', Arn: TOPIC, InputTransformer: transformer },
      { Id: 'b', Arn: TOPIC },
    ])
    const byTarget = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: TOPIC }))
    expect(byTarget.RuleNames).toEqual(['aimed'])
    await expect(events.send(new DeleteRuleCommand({ Name: 'aimed' }))).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    )
    await expect(put(...['c', 'd', 'e', 'f'].map((Id) => ({ Id, Arn: TOPIC })))).rejects.toMatchObject({
      name: 'LimitExceededException',
    })
    await events.send(new RemoveTargetsCommand({ Rule: 'aimed', Ids: ['a', 'none'] }))
    expect(await list()).toEqual([{ Id: 'b', Arn: TOPIC }])
    await expect(
      events.send(new PutTargetsCommand({ Rule: 'none', Targets: [{ Id: 'a', Arn: TOPIC }] })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  const pipeline = `arn:aws:codepipeline:us-east-1:${HUB}:web`
  const log = `arn:aws:logs:us-east-1:${HUB}:log-group:/aws/events/x`
  it.each<[Omit<Target, 'Id'>, string]>([
    [{ Arn: 'topic' }, 'Parameter Arn is not valid. Reason: Provided Arn is not in correct format.'],
    [
      { Arn: `arn:aws:kinesis:us-east-1:${HUB}:stream/s` },
      'does not support targets of the service "kinesis"',
    ],
    [{ Arn: `arn:aws:sqs:us-east-1:${HUB}:q.fifo` }, 'SqsParameters must be specified for target: t.'],
    [{ Arn: pipeline }, `RoleArn is required for target ${pipeline}.`],
    [{ Arn: `arn:aws:sns:eu-west-1:${HUB}:topic` }, 'is not in the region us-east-1'],
    [{ Arn: `arn:aws:logs:us-east-1:${DEV}:log-group:/aws/events/x` }, `is not in the account ${HUB}`],
    [{ Arn: TOPIC, DeadLetterConfig: { Arn: TOPIC } }, 'does not support "DeadLetterConfig"'],
    [
      { Arn: TOPIC, SqsParameters: { MessageGroupId: 'g' } },
      'Parameter(s) SqsParameters not valid for target: t.',
    ],
    [{ Arn: TOPIC, Input: '{' }, 'JSON syntax error in input for target t.'],
    [{ Arn: TOPIC, Input: '{}', InputPath: '$' }, 'Only one of Input, InputPath, or InputTransformer'],
    [{ Arn: TOPIC, InputPath: 'detail' }, 'Invalid InputPath for target t: detail.'],
    [{ Arn: TOPIC, InputPath: '$..detail' }, 'Invalid InputPath for target t: $..detail.'],
    [{ Arn: TOPIC, InputTransformer: { InputTemplate: '"<x>"' } }, 'contains invalid placeholder x.'],
    [{ Arn: log, Input: '{}' }, 'not supported for the CloudWatch Logs target'],
  ])('are refused: %j', async (target, message) => {
    await events.send(new PutRuleCommand({ Name: 'refusing', EventPattern }))
    await expect(
      events.send(new PutTargetsCommand({ Rule: 'refusing', Targets: [{ Id: 't', ...target }] })),
    ).rejects.toThrow(message)
  })
})

describe('patterns', () => {
  const Event = JSON.stringify({
    id: '1',
    account: HUB,
    source: 'my.app',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    'detail-type': 'Change',
    detail: { state: 'ok' },
  })
  const ask = (pattern: object, event = Event) =>
    events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: event }))

  it('are tested', async () => {
    expect(await ask({ detail: { state: [{ prefix: 'o' }] } })).toMatchObject({ Result: true })
    expect(await ask({ detail: { state: [{ 'anything-but': 'ok' }] } })).toMatchObject({ Result: false })
    const { resources: _, ...without } = JSON.parse(Event)
    expect(await ask({ source: ['my.app'] }, JSON.stringify(without))).toMatchObject({ Result: true })
    for (const event of [Event, JSON.stringify(without)]) {
      expect(await ask({ resources: [{ exists: false }] }, event)).toMatchObject({ Result: true })
      expect(await ask({ resources: [{ exists: true }] }, event)).toMatchObject({ Result: false })
    }
    await expect(ask({ source: [] })).rejects.toMatchObject({ name: 'InvalidEventPatternException' })
    await expect(ask({ source: ['a'] }, 'text')).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Parameter Event is not valid.',
    })
    await expect(ask({ source: ['a'] }, '{"id": "1"}')).rejects.toMatchObject({ name: 'ValidationException' })
  })
})
