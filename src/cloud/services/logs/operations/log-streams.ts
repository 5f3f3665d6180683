/** Log streams: create, describe, delete. */

import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { eventLog } from '../engine/event-log.ts'
import { findStream, groupNamed, onStream, streamsOf } from '../engine/find.ts'
import { groupArn, groupKind } from '../kinds.ts'
import { streamKey, streams } from '../state.ts'
import { invalidToken } from './log-groups.ts'

export const CreateLogStream = operation({
  service: 'logs',
  name: 'CreateLogStream',
  access: (input, ctx) => [onStream(ctx, 'CreateLogStream', input.logGroupName, input.logStreamName)],
  run: ({ logGroupName: group, logStreamName: name }, ctx) => {
    groupKind.find(ctx, group)
    const key = streamKey(group, name)
    if (ctx.table(streams).has(key))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists')
    const { ids, clock } = ctx.cloud
    ctx.table(streams).put(key, { group, name, id: ids.lower(24), createdAt: clock.now(), bytes: 0 })
    return {}
  },
})

export const DeleteLogStream = operation({
  service: 'logs',
  name: 'DeleteLogStream',
  access: (input, ctx) => [onStream(ctx, 'DeleteLogStream', input.logGroupName, input.logStreamName)],
  run: ({ logGroupName, logStreamName }, ctx) => {
    const { id } = findStream(ctx, logGroupName, logStreamName)
    ctx.table(streams).delete(streamKey(logGroupName, logStreamName))
    eventLog(ctx.cloud).remove(id)
    return {}
  },
})

export const DescribeLogStreams = operation({
  service: 'logs',
  name: 'DescribeLogStreams',
  access: (input, ctx) => [groupKind.on(ctx, 'DescribeLogStreams', groupNamed(input))],
  run: (input, ctx) => {
    const group = groupNamed(input)
    const { logStreamNamePrefix: prefix, orderBy, descending = false, nextToken, limit = 50 } = input
    groupKind.find(ctx, group)
    const byTime = orderBy === 'LastEventTime'
    if (byTime && prefix !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        'Cannot order by LastEventTime with a logStreamNamePrefix.',
      )
    const all = streamsOf(ctx, group).filter((one) => one.name.startsWith(prefix ?? ''))
    if (byTime) all.sort((a, b) => (a.lastEventAt ?? 0) - (b.lastEventAt ?? 0))
    if (descending) all.reverse()
    const query = [group, prefix, orderBy, descending]
    const page = paginate(all, { token: nextToken, limit, query, error: invalidToken })
    const logStreams = page.items.map((one) => ({
      logStreamName: one.name,
      creationTime: one.createdAt,
      firstEventTimestamp: one.firstEventAt,
      lastEventTimestamp: one.lastEventAt,
      lastIngestionTime: one.lastIngestedAt,
      uploadSequenceToken: sequenceToken(one.bytes),
      arn: `${groupArn(ctx, group)}:log-stream:${one.name}`,
      storedBytes: 0,
    }))
    return { logStreams, nextToken: page.nextToken }
  },
})

/** AWS: still given, though PutLogEvents takes no notice of it any more. */
export const sequenceToken = (bytes: number): string => `4${String(bytes).padStart(55, '0')}`
