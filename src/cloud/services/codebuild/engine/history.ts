/** Builds in the order of their start, so that nothing looks through those of long ago. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { builds, type StoredBuild } from '../state.ts'
import { requireSame, TOKEN_LIFE, type TokenedRequest } from './idempotency.ts'

/** Ids of builds, oldest first, by account and region; made of the records when first asked for. */
const orders = part({ name: 'order of builds', make: () => new Map<string, string[]>() })

function orderOf(ctx: Context): string[] {
  const all = ctx.cloud.part(orders)
  const key = `${ctx.account}/${ctx.region}`
  const known = all.get(key)
  if (known) return known
  const found = ctx.table(builds).values().sort(oldestFirst)
  const made = found.map(({ id }) => id)
  all.set(key, made)
  return made
}

const oldestFirst = (a: StoredBuild, b: StoredBuild): number =>
  (a.startTime?.getTime() ?? 0) - (b.startTime?.getTime() ?? 0) || (a.buildNumber ?? 0) - (b.buildNumber ?? 0)

/** Puts the record of a new build. */
export function addBuild(ctx: Context, build: StoredBuild): void {
  orderOf(ctx).push(build.id)
  ctx.table(builds).put(build.id, build)
}

/** Gives the builds that are there, newest or oldest first. */
export function* buildsInOrder(ctx: Context, first: 'newest' | 'oldest' = 'newest'): Iterable<StoredBuild> {
  const order = orderOf(ctx)
  const table = ctx.table(builds)
  for (let at = 0; at < order.length; at++) {
    const build = table.get(order[first === 'newest' ? order.length - 1 - at : at]!)
    if (build) yield build
  }
}

/** AWS: the same token within five minutes gives the same build; with other parameters it is refused. */
export function startedBefore(
  ctx: Context,
  project: string,
  request: TokenedRequest,
): StoredBuild | undefined {
  const since = ctx.cloud.clock.now() - TOKEN_LIFE
  for (const build of buildsInOrder(ctx)) {
    if ((build.startTime?.getTime() ?? 0) <= since) return undefined
    if (build.request?.token !== request.token || build.projectName !== project) continue
    requireSame(build.request, request)
    return build
  }
  return undefined
}
