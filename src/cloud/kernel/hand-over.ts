/**
 * What one service owes another: written down in the same turn as the change that caused it, so in the same
 * transaction, and struck off once it is delivered. What a kill leaves is delivered at the next start: at least once.
 */
import { AwsError } from '../../model/index.ts'
import type { Cloud } from './cloud.ts'
import type { Context, ContextFactory } from './context.ts'
import type { Identity } from './identity.ts'
import { collection, type Store } from './store.ts'

/** A kind of hand-over. Its messages are kept on disk, so they are plain data. */
export interface HandOver<M> {
  /** `sns.delivery`; names the kind on disk, and before the dot the service that hands over. */
  readonly name: string
  /** Tries after the first; AWS goes on for hours, here two more are made. */
  readonly retries?: (message: M) => number
  /** `id` is the same whenever the same message is delivered again. Errors: AwsError where the receiver refuses. */
  deliver(ctx: Context, message: M, id: string): Promise<unknown>
}

export const handOver = <M>(definition: HandOver<M>): HandOver<M> => definition

interface Owed {
  readonly kind: string
  readonly message: unknown
  /** Whoever hands over, and in the course of what. */
  readonly identity: Identity
  readonly cause?: string
}

const owed = collection<Owed>('hand-overs')

const RETRIES = 2
const PAUSE = 200

/** Writes down what is owed and delivers it in the background, in the account and region of the context. */
export function handOn<M>(ctx: Context, kind: HandOver<M>, message: M): void {
  const id = ctx.cloud.ids.uuid()
  ctx.table(owed).put(id, { kind: kind.name, message, identity: ctx.identity, cause: ctx.cause })
  ctx.spawn(kind.name, (task) => settle(task, kind, message, id))
}

/** The services that owed others something when the cloud ended. */
export const owing = (store: Store): ReadonlySet<string> =>
  new Set(
    store
      .everywhere(owed)
      .flatMap(({ table }) => table.values().map(({ kind }) => kind.slice(0, kind.indexOf('.')))),
  )

/** Delivers what the cloud owed when it ended; `context` makes contexts of the service that hands over. */
export function settleOwed(
  cloud: Cloud,
  kinds: readonly HandOver<never>[] = [],
  context: ContextFactory,
): void {
  const byName = new Map(kinds.map((kind) => [kind.name, kind as HandOver<unknown>]))
  for (const { account, region, table } of cloud.store.everywhere(owed))
    for (const [id, { kind: name, message, identity, cause }] of table.entries()) {
      const kind = byName.get(name)
      if (!kind) continue
      const ctx = context({ identity, account, region })
      const caused = cause === undefined ? ctx : ctx.causedBy(cause)
      caused.spawn(name, (task) => settle(task, kind, message, id))
    }
}

/**
 * Tries again where the fault may pass. AWS: what cannot be delivered is dropped, and nobody is told; the trail shows
 * the denial. Anything but an answer of a service is a bug and reported: it would be one at every start.
 */
async function settle<M>(ctx: Context, kind: HandOver<M>, message: M, id: string): Promise<void> {
  const { clock, signal } = ctx.cloud
  const retries = Math.min(kind.retries?.(message) ?? RETRIES, RETRIES)
  for (let attempt = 0; ; attempt++) {
    // What is stopped on the way is owed still.
    if (signal.aborted) return
    try {
      await kind.deliver(ctx, message, id)
      break
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof AwsError)) {
        ctx.table(owed).delete(id)
        throw error
      }
      if (attempt >= retries || !mayPass(error)) break
    }
    await clock.sleep(PAUSE * 2 ** attempt, signal)
  }
  ctx.table(owed).delete(id)
}

/** AWS: faults of the receiver and its limits are tried again, mistakes are not. */
const mayPass = ({ status, code }: AwsError): boolean =>
  status === 429 || (status >= 500 && status !== 501) || /Throttl|TooManyRequests|LimitExceeded/.test(code)
