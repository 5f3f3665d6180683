/** events:PutEvents. */

import { readJson } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { dispatch } from '../engine/dispatch.ts'
import { busRef, invalid, lookUpBus } from '../engine/find.ts'
import { busKind } from '../kinds.ts'
import { type EventMessage, eventTime } from '../state.ts'

type Entry = Input<'events', 'PutEvents'>['Entries'][number]

/** Bytes of all entries together, AWS's limit. */
const LIMIT = 1_048_576

const bytes = (text = ''): number => Buffer.byteLength(text)

/** AWS: how the size of an entry is counted. */
const size = ({ Time, Source, DetailType, Detail, Resources = [] }: Entry): number =>
  (Time ? 14 : 0) +
  bytes(Source) +
  bytes(DetailType) +
  bytes(Detail) +
  Resources.reduce((sum, resource) => sum + bytes(resource), 0)

/** AWS: each entry is accepted or refused for itself. */
export const PutEvents = operation({
  service: 'events',
  name: 'PutEvents',
  access: (input, ctx) =>
    input.Entries.map(({ EventBusName, Source, DetailType }) =>
      busKind.on(ctx, 'PutEvents', busRef(ctx, EventBusName), {
        'events:eventBusInvocation': 'false',
        ...(Source && { 'events:source': Source }),
        ...(DetailType && { 'events:detail-type': DetailType }),
      }),
    ),
  run: (input, ctx) => {
    refuseUnsupported(input, ['EndpointId'])
    for (const entry of input.Entries) refuseUnsupported(entry, ['TraceHeader'])
    if (input.Entries.reduce((sum, entry) => sum + size(entry), 0) > LIMIT)
      throw invalid('Total size of the entries in the request is over the limit.')
    const Entries = input.Entries.map((entry) => accept(ctx, entry))
    return { FailedEntryCount: Entries.filter((one) => 'ErrorCode' in one).length, Entries }
  },
})

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

function accept(ctx: Context, entry: Entry): Result {
  const { Source, DetailType, Detail, Resources = [], Time } = entry
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value)?.[0]
  if (missing)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    }
  if (Source!.startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    }
  const detail = objectIn(Detail!)
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  const event: EventMessage = {
    version: '0',
    id: ctx.cloud.ids.uuid(),
    'detail-type': DetailType!,
    source: Source!,
    account: ctx.account,
    time: eventTime(Time ?? ctx.cloud.clock.date()),
    region: ctx.region,
    resources: Resources,
    detail,
  }
  const ref = busRef(ctx, entry.EventBusName)
  // AWS: an event for a bus that does not exist is accepted and dropped.
  if (lookUpBus(ctx, ref)) dispatch(ctx, ref, event)
  return { EventId: event.id }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = readJson(text)
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
