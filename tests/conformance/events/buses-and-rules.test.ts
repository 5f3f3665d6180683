/** Buses, rules and targets: made, listed, changed, refused. */
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { document } from './event-board.ts'

const { client } = await startTestCloud()
const events = client(EventBridgeClient)
const EventPattern = JSON.stringify({ source: ['my.app'] })

describe('buses', () => {
  it('are created, described, listed in pages, changed and deleted', async () => {
    for (const Name of ['page-a', 'page-b', 'page-c'])
      await events.send(
        new CreateEventBusCommand({ Name, Description: Name, Tags: [{ Key: 'k', Value: 'v' }] }),
      )
    const bus = await events.send(new DescribeEventBusCommand({ Name: 'page-a' }))
    const Arn = `arn:aws:events:us-east-1:${HUB}:event-bus/page-a`
    expect(bus).toMatchObject({ Name: 'page-a', Arn, Description: 'page-a', CreationTime: expect.any(Date) })
    expect(await events.send(new DescribeEventBusCommand({}))).toMatchObject({ Name: 'default' })

    const first = await events.send(new ListEventBusesCommand({ NamePrefix: 'page', Limit: 2 }))
    expect(first.EventBuses?.map((one) => one.Name)).toEqual(['page-a', 'page-b'])
    const NextToken = first.NextToken
    const second = await events.send(new ListEventBusesCommand({ NamePrefix: 'page', Limit: 2, NextToken }))
    expect(second.EventBuses?.map((one) => one.Name)).toEqual(['page-c'])
    await expect(events.send(new ListEventBusesCommand({ NextToken }))).rejects.toMatchObject({
      name: 'ValidationException',
    })
    await events.send(new UpdateEventBusCommand({ Name: 'page-a', Description: 'new' }))
    expect(await events.send(new DescribeEventBusCommand({ Name: Arn }))).toMatchObject({
      Description: 'new',
    })
    await events.send(new DeleteEventBusCommand({ Name: 'page-a' }))
    await events.send(new DeleteEventBusCommand({ Name: 'page-a' }))
    await expect(events.send(new DescribeEventBusCommand({ Name: 'page-a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Event bus page-a does not exist.',
    })
  })

  it('are refused', async () => {
    await expect(events.send(new CreateEventBusCommand({ Name: 'default' }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'Event bus default already exists.',
    })
    await expect(events.send(new CreateEventBusCommand({ Name: 'a/b' }))).rejects.toThrow(
      "must not contain '/'",
    )
    const encrypted = { Name: 'k', KmsKeyIdentifier: 'alias/k' }
    await expect(events.send(new CreateEventBusCommand(encrypted))).rejects.toThrow('KmsKeyIdentifier')
    await expect(events.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toThrow(
      'Cannot delete event bus default.',
    )
    await events.send(new CreateEventBusCommand({ Name: 'in-use' }))
    await events.send(new PutRuleCommand({ Name: 'r', EventBusName: 'in-use', EventPattern }))
    await expect(events.send(new DeleteEventBusCommand({ Name: 'in-use' }))).rejects.toThrow(
      'since it has rules',
    )
  })

  it('have a policy', async () => {
    const EventBusName = 'shared'
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: EventBusName }))
    const policy = async () => {
      const { Policy } = await events.send(new DescribeEventBusCommand({ Name: EventBusName }))
      return Policy && JSON.parse(Policy)
    }
    const grant = (StatementId: string, Principal: string) =>
      events.send(
        new PutPermissionCommand({ EventBusName, Action: 'events:PutEvents', StatementId, Principal }),
      )
    await grant('dev', DEV)
    await grant('all', '*')
    expect((await policy()).Statement).toEqual([
      {
        Sid: 'dev',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${DEV}:root` },
        Action: 'events:PutEvents',
        Resource: EventBusArn,
      },
      { Sid: 'all', Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: EventBusArn },
    ])
    await events.send(new RemovePermissionCommand({ EventBusName, StatementId: 'all' }))
    expect((await policy()).Statement).toHaveLength(1)
    await expect(
      events.send(new RemovePermissionCommand({ EventBusName, StatementId: 'all' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Statement with the provided id does not exist.',
    })
    await events.send(new RemovePermissionCommand({ EventBusName, RemoveAllPermissions: true }))
    expect(await policy()).toBeUndefined()
    await expect(events.send(new PutPermissionCommand({ EventBusName, Policy: '{' }))).rejects.toMatchObject({
      name: 'ValidationException',
    })
    await expect(
      events.send(new PutPermissionCommand({ EventBusName: 'none', Policy: '{}' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('let another account in by their policy only', async () => {
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'guarded' }))
    const stranger = client(EventBridgeClient, { account: DEV })
    const Entries = [{ EventBusName: EventBusArn, Source: 'their.app', DetailType: 'Hello', Detail: '{}' }]
    await expect(stranger.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    const Policy = document({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DEV}:root` },
      Action: 'events:PutEvents',
      Resource: EventBusArn,
      Condition: { StringEquals: { 'events:source': 'their.app', 'events:detail-type': 'Hello' } },
    })
    await events.send(new PutPermissionCommand({ EventBusName: 'guarded', Policy }))
    expect(await stranger.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 })
    const other = [{ ...Entries[0], Source: 'other.app' }]
    await expect(stranger.send(new PutEventsCommand({ Entries: other }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })
})

describe('rules', () => {
  it('are put, described, listed, disabled, enabled and deleted', async () => {
    const { RuleArn } = await events.send(
      new PutRuleCommand({ Name: 'plain', EventPattern, Description: 'd', Tags: [{ Key: 'k', Value: 'v' }] }),
    )
    expect(RuleArn).toBe(`arn:aws:events:us-east-1:${HUB}:rule/plain`)
    const describe = () => events.send(new DescribeRuleCommand({ Name: 'plain' }))
    expect(await describe()).toMatchObject({
      Name: 'plain',
      Arn: RuleArn,
      EventBusName: 'default',
      EventPattern,
      Description: 'd',
      State: 'ENABLED',
      CreatedBy: HUB,
    })
    await events.send(new DisableRuleCommand({ Name: 'plain' }))
    expect(await describe()).toMatchObject({ State: 'DISABLED' })
    await events.send(new EnableRuleCommand({ Name: 'plain' }))
    const { Rules } = await events.send(new ListRulesCommand({ NamePrefix: 'pla' }))
    expect(Rules).toMatchObject([{ Name: 'plain', State: 'ENABLED' }])
    await events.send(new PutRuleCommand({ Name: 'plain', ScheduleExpression: 'rate(1 day)' }))
    const replaced = await describe()
    expect(replaced).toMatchObject({ ScheduleExpression: 'rate(1 day)', State: 'ENABLED' })
    expect(replaced.EventPattern).toBeUndefined()
    expect(replaced.Description).toBeUndefined()
    await events.send(new DeleteRuleCommand({ Name: 'plain' }))
    await expect(describe()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule plain does not exist on EventBus default.',
    })
  })

  it.each([
    [{}, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
    [{ EventPattern: '{"source": "x"}' }, 'Event pattern is not valid. Reason: "source" must be an object'],
    [{ EventPattern, RoleArn: `arn:aws:iam::${HUB}:role/r` }, '"RoleArn"'],
    [{ EventPattern, EventBusName: 'none' }, 'Event bus none does not exist.'],
    [{ EventPattern, State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' as const }, 'CloudTrail'],
  ])('are refused: %j', async (input, message) => {
    await expect(events.send(new PutRuleCommand({ Name: 'bad', ...input }))).rejects.toThrow(message)
  })

  it('with schedules are on the default bus only', async () => {
    await events.send(new CreateEventBusCommand({ Name: 'timeless' }))
    const input = { Name: 'r', EventBusName: 'timeless', ScheduleExpression: 'rate(1 day)' }
    await expect(events.send(new PutRuleCommand(input))).rejects.toThrow(
      'ScheduleExpression is supported only on the default event bus.',
    )
  })

  it('and buses have tags', async () => {
    const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'tagged', EventPattern }))
    const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'tagged' }))
    for (const ResourceARN of [RuleArn, EventBusArn]) {
      const Tags = [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ]
      await events.send(new TagResourceCommand({ ResourceARN, Tags }))
      await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }))
      const left = await events.send(new ListTagsForResourceCommand({ ResourceARN }))
      expect(left.Tags).toEqual([{ Key: 'b', Value: '2' }])
    }
    const ResourceARN = `arn:aws:events:us-east-1:${HUB}:rule/none`
    await expect(events.send(new ListTagsForResourceCommand({ ResourceARN }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
