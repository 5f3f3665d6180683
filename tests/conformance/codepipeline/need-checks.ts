/** Holding a pipeline's needs against what it really called. */
import type { TrailEntry } from '../../../src/cloud/kernel/trail-entry.ts'
import type { Need } from '../../../src/model/index.ts'
import type { Allow } from './workshop.ts'

/** A statement for each need that AWS does not go on without; keys of the context become conditions, so that they are proven too. */
export const grants = (needs: readonly Need[], principal: string): Allow[] =>
  needs
    .filter((need) => need.principal === principal && !need.optional)
    .map(({ action: Action, resource: Resource, context }) => ({
      Action,
      Resource,
      Condition: context && { StringLike: context },
    }))

/** Gives what principals with needs called without a need, and the needs that no call had; each as a line. */
export function compare(
  needs: readonly Need[],
  trail: readonly TrailEntry[],
): { ungranted: string[]; unused: string[] } {
  const principals = new Set(needs.map((need) => need.principal))
  const used = trail.filter((entry) => principals.has(entry.principal))
  const ungranted = used.filter((entry) => !needs.some((need) => fits(need, entry)))
  const unused = needs.filter((need) => !need.optional && !used.some((entry) => fits(need, entry)))
  return { ungranted: [...new Set(ungranted.map(show))], unused: unused.map(show) }
}

interface Call {
  readonly principal: string
  readonly action: string
  readonly resource: string
}

const show = ({ principal, action, resource }: Call): string => `${principal} ${action} ${resource}`

const fits = (need: Call, call: Call): boolean =>
  need.principal === call.principal && need.action === call.action && covers(need.resource, call.resource)

function covers(pattern: string, resource: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(resource)
}
