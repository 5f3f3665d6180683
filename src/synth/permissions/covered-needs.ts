/** Needs that others cover: the same call on a wider pattern. */
import type { Need } from '../../model/index.ts'

/** Gives the needs without those that another covers, which a policy would only repeat. */
export function withoutCovered(needs: readonly Need[]): Need[] {
  const wide = new Map<string, Set<string>>()
  for (const need of needs) {
    if (!need.resource.includes('*')) continue
    const call = callOf(need)
    wide.set(call, (wide.get(call) ?? new Set()).add(need.resource))
  }
  return needs.filter((need) => {
    const patterns = wide.get(callOf(need))
    if (!patterns) return true
    for (const pattern of patterns) if (covers(pattern, need.resource)) return false
    return true
  })
}

const callOf = ({ action, context }: Need): string => (context ? action + JSON.stringify(context) : action)

/** A `*` of the other pattern is a character like any other: only a `*` takes it. */
function covers(pattern: string, other: string): boolean {
  if (pattern === other) return false
  return matcherOf(pattern).test(other)
}

const matchers = new Map<string, RegExp>()

function matcherOf(pattern: string): RegExp {
  let matcher = matchers.get(pattern)
  if (!matcher) {
    const parts = pattern.split(/\*+/).map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    matcher = new RegExp(`^${parts.join('.*')}$`)
    matchers.set(pattern, matcher)
  }
  return matcher
}
