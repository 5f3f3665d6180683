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
    for (const pattern of patterns)
      if (pattern !== need.resource && covers(pattern, need.resource)) return false
    return true
  })
}

const callOf = ({ action, context }: Need): string => (context ? action + JSON.stringify(context) : action)

/** A `*` of the other pattern is a character like any other: only a `*` takes it. */
function covers(pattern: string, other: string): boolean {
  const first = pattern.indexOf('*')
  if (!other.startsWith(pattern.slice(0, first))) return false
  const [, ...parts] = pattern.split('*')
  const last = parts.pop()!
  let at = first
  for (const part of parts) {
    const found = other.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return other.length - last.length >= at && other.endsWith(last)
}
