/** logs:PutLogEvents. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { openDataKeys } from '../engine/encryption.ts'
import { eventLog } from '../engine/event-log.ts'
import { findStream, onStream } from '../engine/find.ts'
import { groupKind } from '../kinds.ts'
import { type LogGroup, streamKey, streams } from '../state.ts'
import { sequenceToken } from './log-streams.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Bytes of one request, AWS's limit; each event counts for 26 more than its message. */
const LIMIT = 1_048_576
const OVERHEAD = 26

interface Event {
  readonly timestamp: number
  readonly message: string
}

const size = (event: Event): number => Buffer.byteLength(event.message) + OVERHEAD

/** AWS: events must be in order and within one day; those too old or too far ahead are left out and reported. */
export const PutLogEvents = operation({
  service: 'logs',
  name: 'PutLogEvents',
  access: (input, ctx) => [onStream(ctx, 'PutLogEvents', input.logGroupName, input.logStreamName)],
  run: async (input, ctx) => {
    const { logGroupName, logStreamName, logEvents } = input
    findStream(ctx, logGroupName, logStreamName)
    check(logEvents)
    const group = groupKind.find(ctx, logGroupName)
    const now = ctx.cloud.clock.now()
    const { accepted, rejected } = sift(logEvents, now, group)
    const key = await writingKey(ctx, group)
    const stream = findStream(ctx, logGroupName, logStreamName)
    if (accepted.length) {
      eventLog(ctx.cloud).append(stream.id, accepted, now, key)
      const first = accepted[0]!.timestamp
      const last = accepted.at(-1)!.timestamp
      ctx.table(streams).put(streamKey(logGroupName, logStreamName), {
        ...stream,
        firstEventAt: Math.min(stream.firstEventAt ?? first, first),
        lastEventAt: Math.max(stream.lastEventAt ?? last, last),
        lastIngestedAt: now,
        bytes: accepted.reduce((sum, event) => sum + size(event), stream.bytes),
      })
    }
    return { nextSequenceToken: sequenceToken(stream.bytes), rejectedLogEventsInfo: rejected }
  },
})

function check(events: readonly Event[]): void {
  const bytes = events.reduce((sum, event) => sum + size(event), 0)
  if (bytes > LIMIT)
    throw new AwsError(
      'InvalidParameterException',
      `Upload too large: ${bytes} bytes exceeds limit of ${LIMIT}`,
    )
  if (events.some((event, index) => index > 0 && events[index - 1]!.timestamp > event.timestamp))
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    )
  if (events.at(-1)!.timestamp - events[0]!.timestamp > DAY)
    throw new AwsError(
      'InvalidParameterException',
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    )
}

/** Indexes in the answer are AWS's: the first event too new, the first not too old, the first not expired. */
function sift(events: readonly Event[], now: number, group: LogGroup) {
  const expiry = group.retentionInDays ? now - group.retentionInDays * DAY : -Infinity
  const past = (time: number) => {
    const index = events.findIndex((event) => event.timestamp >= time)
    return index < 0 ? events.length : index
  }
  const tooOld = past(now - 14 * DAY)
  const expired = past(expiry)
  const tooNew = past(now + 2 * HOUR)
  const accepted = events.slice(Math.max(tooOld, expired), tooNew)
  if (accepted.length === events.length) return { accepted, rejected: undefined }
  const rejected = {
    ...(tooNew < events.length ? { tooNewLogEventStartIndex: tooNew } : {}),
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
  }
  return { accepted, rejected }
}

async function writingKey(ctx: Context, group: LogGroup) {
  if (!group.kmsKeyId) return undefined
  const index = group.dataKeys.length - 1
  const keyOf = await openDataKeys(ctx, group)
  return { index, plaintext: keyOf(index) }
}
