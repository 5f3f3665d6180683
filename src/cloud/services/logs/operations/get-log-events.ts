/** Reading events: logs:GetLogEvents and logs:FilterLogEvents. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { openDataKeys } from '../engine/encryption.ts'
import { eventLog, type LogEvent } from '../engine/event-log.ts'
import { compileFilter } from '../engine/filter-pattern.ts'
import { findStream, groupNamed, onStream, streamsOf } from '../engine/find.ts'
import { groupKind } from '../kinds.ts'
import type { LogGroup, LogStream } from '../state.ts'
import { invalidToken } from './log-groups.ts'

const DAY = 86_400_000
const FIRST = '0'.repeat(56)
/** Bytes of one answer. AWS: 1 MB, and at most 10,000 events. */
const LIMIT = 1_048_576

/** Events of streams of one group, oldest first, without those past the group's retention. */
async function read(ctx: Context, group: LogGroup, streams: readonly LogStream[]) {
  const keyOf = await openDataKeys(ctx, group)
  const log = eventLog(ctx.cloud)
  const oldest = group.retentionInDays ? ctx.cloud.clock.now() - group.retentionInDays * DAY : -Infinity
  return streams.map((stream) => ({
    stream,
    events: log.read(stream.id, keyOf).filter((event) => event.timestamp >= oldest),
  }))
}

/** How many events from the start of a list fit into one answer. */
function fitting(events: readonly LogEvent[], limit: number): number {
  let bytes = 0
  let count = 0
  for (const event of events) {
    bytes += Buffer.byteLength(event.message) + 26
    if (count >= limit || (bytes > LIMIT && count > 0)) break
    count++
  }
  return count
}

/**
 * AWS: without a token the newest page comes unless startFromHead is set; at either end the same token comes back.
 * startTime is included, endTime is not.
 */
export const GetLogEvents = operation({
  service: 'logs',
  name: 'GetLogEvents',
  access: (input, ctx) => [onStream(ctx, 'GetLogEvents', groupNamed(input), input.logStreamName)],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['unmask'])
    const name = groupNamed(input)
    const stream = findStream(ctx, name, input.logStreamName)
    const { startTime = 0, endTime = Infinity, limit = 10_000, nextToken } = input
    const [found] = await read(ctx, groupKind.find(ctx, name), [stream])
    const all = found!.events.filter((event) => event.timestamp >= startTime && event.timestamp < endTime)
    const token = nextToken === undefined ? undefined : /^([fb])\/(\d{56})\/s$/.exec(nextToken)
    if (token === null) throw invalidToken()
    const events = page(all, limit, token?.[1] ?? (input.startFromHead ? 'f' : 'b'), token?.[2])
    const first = events[0]?.id ?? token?.[2] ?? FIRST
    const last = events.at(-1)?.id ?? token?.[2] ?? FIRST
    return {
      events: events.map(({ timestamp, message, ingestedAt }) => ({
        timestamp,
        message,
        ingestionTime: ingestedAt,
      })),
      nextForwardToken: `f/${last}/s`,
      nextBackwardToken: `b/${first}/s`,
    }
  },
})

function page(all: readonly LogEvent[], limit: number, direction: string, position?: string): LogEvent[] {
  if (direction === 'f') {
    const ahead = position === undefined ? all : all.filter((event) => event.id > position)
    return ahead.slice(0, fitting(ahead, limit))
  }
  const behind = (position === undefined ? all : all.filter((event) => event.id < position)).toReversed()
  return behind.slice(0, fitting(behind, limit)).reverse()
}

/** AWS: both startTime and endTime are included; events of all streams come in the order of time. */
export const FilterLogEvents = operation({
  service: 'logs',
  name: 'FilterLogEvents',
  access: (input, ctx) => [groupKind.on(ctx, 'FilterLogEvents', groupNamed(input))],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['unmask'])
    const name = groupNamed(input)
    const group = groupKind.find(ctx, name)
    const { startTime = 0, endTime = Infinity, limit = 10_000, filterPattern = '', nextToken } = input
    const matches = compileFilter(filterPattern)
    const found = await read(ctx, group, chosen(ctx, input, name))
    const all = found
      .flatMap(({ stream, events }) => events.map((event) => ({ stream: stream.name, event })))
      .filter(({ event }) => event.timestamp >= startTime && event.timestamp <= endTime)
      .filter(({ event }) => matches(event.message))
    if (found.length > 1) all.sort((a, b) => (a.event.id < b.event.id ? -1 : 1))
    const { logStreamNames, logStreamNamePrefix } = input
    const query = [name, startTime, input.endTime ?? '', filterPattern, logStreamNames, logStreamNamePrefix]
    const cut = paginate(all, { token: nextToken, limit, query, error: invalidToken })
    return {
      events: cut.items.map(({ stream, event }) => ({
        logStreamName: stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: event.id,
      })),
      searchedLogStreams: [],
      nextToken: cut.nextToken,
    }
  },
})

function chosen(
  ctx: Context,
  input: { logStreamNames?: string[]; logStreamNamePrefix?: string },
  group: string,
): LogStream[] {
  const { logStreamNames, logStreamNamePrefix: prefix } = input
  if (logStreamNames && prefix !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      'logStreamNamePrefix and logStreamNames are mutually exclusive parameters.',
    )
  if (logStreamNames) return logStreamNames.map((name) => findStream(ctx, group, name))
  return streamsOf(ctx, group).filter((one) => one.name.startsWith(prefix ?? ''))
}
