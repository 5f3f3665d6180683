/** CloudWatch Logs through the SDK client. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from 'vitest'
import { DEV, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud()
const logs = client(CloudWatchLogsClient)
const now = Date.now()

async function makeStream(logGroupName: string, logStreamName: string, lines: string[]) {
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined)
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
  const logEvents = lines.map((message, index) => ({ timestamp: now + index, message }))
  if (lines.length) await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))
}

describe('groups and streams', () => {
  it('lists groups by prefix and in pages', async () => {
    for (const name of ['list/a', 'list/b', 'list/c'])
      await logs.send(new CreateLogGroupCommand({ logGroupName: name }))
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'list/', limit: 2 }))
    expect(first.logGroups?.map((one) => one.logGroupName)).toEqual(['list/a', 'list/b'])
    const rest = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: 'list/', limit: 2, nextToken: first.nextToken }),
    )
    expect(rest.logGroups?.map((one) => one.arn)).toEqual([
      'arn:aws:logs:us-east-1:111111111111:log-group:list/c:*',
    ])
    expect(rest.nextToken).toBeUndefined()
  })

  it('refuses a second group and a second stream of the same name', async () => {
    await makeStream('twice', 's', [])
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: 'twice' }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    })
    await expect(
      logs.send(new CreateLogStreamCommand({ logGroupName: 'twice', logStreamName: 's' })),
    ).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
  })

  it('keeps accounts and regions apart', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'mine' }))
    for (const options of [{ account: DEV }, { region: 'eu-west-1' }]) {
      const other = client(CloudWatchLogsClient, options)
      const { logGroups } = await other.send(new DescribeLogGroupsCommand({}))
      expect(logGroups).toEqual([])
    }
  })

  it('deletes streams and groups with their events', async () => {
    await makeStream('gone', 's', ['one'])
    await logs.send(new DeleteLogStreamCommand({ logGroupName: 'gone', logStreamName: 's' }))
    await makeStream('gone', 's', [])
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: 'gone', logStreamName: 's' }))
    expect(events).toEqual([])
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'gone' }))
    await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: 'gone' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    })
  })

  it('keeps retention and tags', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'tagged', tags: { a: '1', b: '2' } }))
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: 'tagged', retentionInDays: 7 }))
    await expect(
      logs.send(new PutRetentionPolicyCommand({ logGroupName: 'tagged', retentionInDays: 8 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'tagged' }))
    expect(logGroups?.[0]).toMatchObject({ retentionInDays: 7 })
    const resourceArn = logGroups![0]!.logGroupArn
    await logs.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }))
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }))
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(tags).toEqual({ b: '2', c: '3' })
  })

  it('orders streams by their last event', async () => {
    await makeStream('ordered', 'a', ['1', '2', '3'])
    await makeStream('ordered', 'b', ['1'])
    const { logStreams } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: 'ordered', orderBy: 'LastEventTime', descending: true }),
    )
    expect(logStreams?.map((one) => one.logStreamName)).toEqual(['a', 'b'])
    expect(logStreams?.[0]).toMatchObject({ firstEventTimestamp: now, lastEventTimestamp: now + 2 })
  })
})

describe('events', () => {
  it('reads forward and backward with tokens that stay at the ends', async () => {
    await makeStream('read', 's', ['1', '2', '3', '4', '5'])
    const place = { logGroupName: 'read', logStreamName: 's' }
    const newest = await logs.send(new GetLogEventsCommand({ ...place, limit: 2 }))
    expect(newest.events?.map((one) => one.message)).toEqual(['4', '5'])
    const older = await logs.send(
      new GetLogEventsCommand({ ...place, limit: 2, nextToken: newest.nextBackwardToken }),
    )
    expect(older.events?.map((one) => one.message)).toEqual(['2', '3'])
    const end = await logs.send(new GetLogEventsCommand({ ...place, nextToken: newest.nextForwardToken }))
    expect(end.events).toEqual([])
    expect(end.nextForwardToken).toBe(newest.nextForwardToken)
    const head = await logs.send(new GetLogEventsCommand({ ...place, limit: 3, startFromHead: true }))
    expect(head.events?.map((one) => one.message)).toEqual(['1', '2', '3'])
    await logs.send(
      new PutLogEventsCommand({ ...place, logEvents: [{ timestamp: now + 10, message: 'late' }] }),
    )
    const late = await logs.send(new GetLogEventsCommand({ ...place, nextToken: end.nextForwardToken }))
    expect(late.events?.map((one) => one.message)).toEqual(['late'])
  })

  it('filters over all streams of a group, in the order of time', async () => {
    await makeStream('filter', 'a', ['ERROR a0', 'fine'])
    await makeStream('filter', 'b', ['ERROR b0', 'ERROR b1'])
    const { events } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: 'filter', filterPattern: 'ERROR', startTime: now }),
    )
    expect(
      events
        ?.map((one) => one.message)
        .slice(0, 2)
        .sort(),
    ).toEqual(['ERROR a0', 'ERROR b0'])
    expect(events?.[2]).toMatchObject({ message: 'ERROR b1', logStreamName: 'b', timestamp: now + 1 })
    expect(events?.[2]?.eventId).toMatch(/^\d{56}$/)
  })

  it('refuses what AWS refuses and reports what it leaves out', async () => {
    await makeStream('strict', 's', [])
    const put = (logEvents: { timestamp: number; message: string }[]) =>
      logs.send(new PutLogEventsCommand({ logGroupName: 'strict', logStreamName: 's', logEvents }))
    await expect(
      put([
        { timestamp: now, message: 'b' },
        { timestamp: now - 1, message: 'a' },
      ]),
    ).rejects.toMatchObject({
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    })
    const old = await put([{ timestamp: now - 15 * 86_400_000, message: 'old' }])
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 })
    await expect(
      logs.send(
        new PutLogEventsCommand({
          logGroupName: 'strict',
          logStreamName: 'absent',
          logEvents: [{ timestamp: now, message: 'x' }],
        }),
      ),
    ).rejects.toMatchObject({ message: 'The specified log stream does not exist.' })
  })
})

it('keeps resource policies and refuses one that is no policy', async () => {
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'logs:PutLogEvents',
        Resource: '*',
      },
    ],
  })
  await logs.send(new PutResourcePolicyCommand({ policyName: 'events', policyDocument }))
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}))
  expect(resourcePolicies).toMatchObject([{ policyName: 'events', policyDocument }])
  await expect(
    logs.send(new PutResourcePolicyCommand({ policyName: 'bad', policyDocument: '{"Statement": 1}' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' })
})
