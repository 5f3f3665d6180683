/** Matches texts against patterns with `*` and `?`, as policies write them. */

const known = new Map<string, (text: string) => boolean>()

/** Gives the test of a pattern. */
export function textMatcher(pattern: string): (text: string) => boolean {
  const found = known.get(pattern)
  if (found) return found
  const made = make(pattern)
  known.set(pattern, made)
  return made
}

function make(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true
  if (!/[*?]/.test(pattern)) return (text) => text === pattern
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`, 's')
  return (text) => expression.test(text)
}
