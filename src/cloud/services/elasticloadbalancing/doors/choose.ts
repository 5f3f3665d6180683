/** Which group of a forward action, and which target of a group, a request goes to. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { attribute, httpGroupAttributes } from '../engine/attributes.ts'
import { healthOf } from '../engine/target-health.ts'
import { type Action, type Target, type TargetGroup, targetKey, targets, targetsIn } from '../state.ts'

type Weighted = readonly { readonly TargetGroupArn?: string; readonly Weight?: number }[]

/**
 * Takes turns by weight, evenly spread: of ten turns at 9 to 1 nine are the one's and one is the other's, wherever one
 * begins to count. AWS promises the shares, and no order.
 */
export class Turns {
  private signature = ''
  private credit: number[] = []

  /** Gives the index of the next; undefined where no weight is above zero. */
  next(weights: readonly number[]): number | undefined {
    const signature = weights.join()
    if (signature !== this.signature) {
      this.signature = signature
      this.credit = weights.map(() => 0)
    }
    const sum = weights.reduce((total, one) => total + one, 0)
    if (sum <= 0) return undefined
    let best = 0
    for (const [index, weight] of weights.entries()) {
      this.credit[index]! += weight
      if (this.credit[index]! > this.credit[best]!) best = index
    }
    this.credit[best]! -= sum
    return best
  }
}

/** Turns by rule and by group, and requests that are under way by target. */
const balance = part({
  name: 'balance of load balancers',
  make: () => ({ turns: new Map<string, Turns>(), outstanding: new Map<string, number>() }),
})

function turnsOf({ cloud }: Context, of: string): Turns {
  const { turns } = cloud.part(balance)
  const known = turns.get(of) ?? new Turns()
  turns.set(of, known)
  return known
}

/** Gives the ARN of a group by weight. AWS: one without healthy targets is not passed over. */
export function chooseGroup(ctx: Context, rule: string, action: Action): string | undefined {
  const groups: Weighted = action.ForwardConfig?.TargetGroups ?? []
  const index = turnsOf(ctx, rule).next(groups.map(({ Weight = 1 }) => Weight))
  return index === undefined ? undefined : groups[index]!.TargetGroupArn
}

/**
 * Gives the targets that take requests. AWS: the healthy ones; where none is healthy, all that are registered and not
 * draining ("fails open").
 */
function takers(ctx: Context, group: TargetGroup): Target[] {
  const all = ctx
    .table(targets)
    .where(targetsIn, group.arn)
    .filter(({ deregistered }) => deregistered === undefined)
  const healthy = all.filter((target) => healthOf(ctx, group, target).State === 'healthy')
  return healthy.length ? healthy : all
}

/** Gives a target by the group's algorithm; the one that a cookie names where it still takes requests. */
export function chooseTarget(ctx: Context, group: TargetGroup, sticky?: string): Target | undefined {
  const all = takers(ctx, group)
  const kept = sticky === undefined ? undefined : all.find((one) => targetKey(one) === sticky)
  if (kept) return kept
  const algorithm = attribute(httpGroupAttributes, group.attributes, 'load_balancing.algorithm.type')
  if (algorithm === 'least_outstanding_requests') return leastBusy(ctx, all)
  const index = turnsOf(ctx, group.arn).next(all.map(() => 1))
  return index === undefined ? undefined : all[index]
}

function leastBusy({ cloud }: Context, all: readonly Target[]): Target | undefined {
  const { outstanding } = cloud.part(balance)
  const busy = (target: Target) => outstanding.get(targetKey(target)) ?? 0
  return all.toSorted((one, other) => busy(one) - busy(other))[0]
}

/** Counts a request that is under way; gives what ends it. */
export function underWay({ cloud }: Context, target: Target): () => void {
  const { outstanding } = cloud.part(balance)
  const key = targetKey(target)
  outstanding.set(key, (outstanding.get(key) ?? 0) + 1)
  return () => {
    const left = (outstanding.get(key) ?? 1) - 1
    if (left > 0) outstanding.set(key, left)
    else outstanding.delete(key)
  }
}
