/**
 * Fetches messages of queues for functions: begun by a message's arrival, by the end of a batch, and by the time at which
 * what was hidden is visible again. Nothing runs for a queue that is empty.
 */
import { AwsError } from '../../../../model/index.ts'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { messageArrived } from '../../../kernel/service-events.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'
import { functionKind } from '../kinds.ts'
import { type EventSourceMapping, eventSourceMappings } from '../state.ts'
import { chooseVersion } from './choose-version.ts'
import { execute } from './execute.ts'
import { reference } from './find.ts'
import { findVersion } from './find-version.ts'
import { MappedQueue } from './mapped-queue.ts'
import {
  fitsFilters,
  inPieces,
  type Message,
  type QueueRecord,
  recordOf,
  succeededOf,
} from './queue-records.ts'

/** AWS: "Lambda starts processing five batches at a time with five concurrent invocations of your function". */
const LANES = 5
/** Milliseconds until a queue is asked again that could not be asked. */
const PAUSE = 60_000

interface Poller {
  polling: boolean
  /** Woken while it polled. */
  again: boolean
  /** Batches under way. */
  lanes: number
}

const pollers = part({ name: 'pollers of queues', make: () => new Map<string, Poller>() })

const asLambda = serviceIdentity(servicePrincipal('lambda'))
const timerOf = (uuid: string): string => `event source mapping ${uuid}`

/** Takes up the mappings there are, and hears from now on of messages. */
export function resumeMappings(cloud: Cloud, context: ContextFactory): void {
  const each = (
    fits: (mapping: EventSourceMapping) => boolean,
    act: (ctx: Context, uuid: string) => void,
  ) => {
    for (const { account, region, table } of cloud.store.everywhere(eventSourceMappings))
      for (const mapping of table.values())
        if (fits(mapping)) act(context({ identity: asLambda, account, region }), mapping.uuid)
  }
  cloud.bus.on(messageArrived, ({ queue, at = 0 }) =>
    each(
      ({ sourceArn, state }) => sourceArn === queue && state === 'Enabled',
      (ctx, uuid) => (at > cloud.clock.now() ? wakeAt(ctx, uuid, at) : wake(ctx, uuid)),
    ),
  )
  each(() => true, settleMapping)
}

/** Lets a mapping get into the state it is on its way to, after the answer has gone out, and begin. */
export function settleMapping(ctx: Context, uuid: string): void {
  ctx.as(asLambda).spawn('event source mapping', async (later) => {
    await later.cloud.store.flush()
    const table = later.table(eventSourceMappings)
    const found = table.get(uuid)
    if (!found) return
    if (found.state === 'Deleting') {
      cancelTimer(later.cloud, timerOf(uuid))
      return table.delete(uuid)
    }
    table.put(uuid, { ...found, state: found.enabled ? 'Enabled' : 'Disabled' })
    wake(later, uuid)
  })
}

/** Wakes at a time; each has a timer of its own, because messages are delayed for different times. */
function wakeAt(ctx: Context, uuid: string, at: number): void {
  setTimer(ctx.cloud, `${timerOf(uuid)} ${at}`, at, () => wake(ctx, uuid))
}

function wake(ctx: Context, uuid: string): void {
  const all = ctx.cloud.part(pollers)
  const poller = all.get(uuid) ?? { polling: false, again: false, lanes: 0 }
  all.set(uuid, poller)
  poller.again = true
  if (poller.polling) return
  poller.polling = true
  ctx.spawn('poll', (task) => poll(task, uuid, poller))
}

async function poll(ctx: Context, uuid: string, poller: Poller): Promise<void> {
  try {
    while (poller.again && !ctx.cloud.signal.aborted) {
      poller.again = false
      await drain(ctx, uuid, poller)
    }
  } catch (error) {
    if (ctx.cloud.signal.aborted) return
    if (!(error instanceof AwsError)) throw error
    // The trail shows what was refused.
    setTimer(ctx.cloud, timerOf(uuid), ctx.cloud.clock.now() + PAUSE, () => wake(ctx, uuid))
  } finally {
    poller.polling = false
  }
}

/** Gives batches to the function until the queue is empty, or as many as may be are under way. */
async function drain(ctx: Context, uuid: string, poller: Poller): Promise<void> {
  for (;;) {
    const mapping = ctx.table(eventSourceMappings).get(uuid)
    if (mapping?.state !== 'Enabled') return
    const { batchSize, batchingWindow, maximumConcurrency = LANES } = mapping
    if (poller.lanes >= Math.min(LANES, maximumConcurrency)) return
    const ref = reference(ctx, mapping.functionArn)
    const queue = await MappedQueue.open(
      ctx,
      functionKind.find(ctx, ref),
      findVersion(ctx, ref),
      mapping.sourceArn,
    )
    const messages = await queue.receive(batchSize, batchingWindow)
    if (!messages.length) return poller.lanes ? undefined : lookAgain(ctx, uuid, queue)
    poller.lanes++
    ctx.spawn('batch', (task) =>
      handle(task, mapping, queue, messages).finally(() => {
        poller.lanes--
        wake(ctx, uuid)
      }),
    )
  }
}

/** What is hidden comes back without anybody telling. */
async function lookAgain(ctx: Context, uuid: string, queue: MappedQueue): Promise<void> {
  const { visibility, hidden } = await queue.attributes()
  const at = ctx.cloud.clock.now() + Math.max(1, visibility) * 1000
  if (hidden) setTimer(ctx.cloud, timerOf(uuid), at, () => wake(ctx, uuid))
}

/** AWS: what no filter lets through is deleted, as what the function was done with; the rest is visible again later. */
async function handle(
  ctx: Context,
  mapping: EventSourceMapping,
  queue: MappedQueue,
  messages: readonly Message[],
): Promise<void> {
  const records = messages.map((message) => recordOf(mapping.sourceArn, message))
  const fitting = records.filter((record) => fitsFilters(mapping.filters, record))
  try {
    await queue.delete(records.filter((record) => !fitting.includes(record)))
    for (const piece of inPieces(fitting)) await queue.delete(await done(ctx, mapping, piece))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
  }
}

/** Invokes the function; gives the records that it is done with. Errors: as `execute`. */
async function done(
  ctx: Context,
  mapping: EventSourceMapping,
  Records: readonly QueueRecord[],
): Promise<readonly QueueRecord[]> {
  const ref = reference(ctx, mapping.functionArn)
  const { failed, payload } = await execute(ctx, functionKind.find(ctx, ref), chooseVersion(ctx, ref), {
    requestId: ctx.cloud.ids.uuid(),
    payload: Buffer.from(JSON.stringify({ Records })),
    invokedArn: ref.qualifiedArn,
  })
  if (failed) return []
  return mapping.reportsItemFailures ? succeededOf(Records, payload) : Records
}
