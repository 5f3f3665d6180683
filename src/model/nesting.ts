/** How deep what users write may be nested: readers recurse, and a stack that runs out within V8 ends the process. */

/** Levels; no template, policy or pipeline that AWS takes comes near. */
export const MOST_LEVELS = 200

/** Gives a JSON text's value. Errors: SyntaxError for what is no JSON, and for what is nested too deeply. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (isTooDeep(value)) throw new SyntaxError(`it is nested more than ${MOST_LEVELS} levels deep`)
  return value
}

/** Whether a value is nested too deeply to be looked at by a function that calls itself. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}
