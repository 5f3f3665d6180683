/** How deep what users write may be nested: readers recurse, and a stack that runs out within V8 ends the process. */
import { CST, Lexer } from 'yaml'

/** Levels; no template, policy or pipeline that AWS takes comes near. */
const MOST = 200

/** Gives a JSON text's value. Errors: SyntaxError for what is no JSON, and for what is nested too deeply. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (isTooDeep(value)) throw new SyntaxError(`it is nested more than ${MOST} levels deep`)
  return value
}

/** Whether a value is nested too deeply to be looked at by a function that calls itself. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

/** Whether YAML, or what is no YAML, is nested too deeply to be handed to a parser. */
export function isTooDeepYaml(text: string): boolean {
  // Blocks within blocks start further to the right; only `-` and `?` open several on one line.
  if (new RegExp(`^(?:[ \\t]|[-?:](?=[ \\t])){${2 * MOST}}`, 'm').test(text)) return true
  if (!hasMany(text)) return false
  let depth = 0
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token)
    if (type === 'flow-seq-start' || type === 'flow-map-start') depth++
    else if (type === 'flow-seq-end' || type === 'flow-map-end') depth--
    if (depth > MOST) return true
  }
  return false
}

/** Whether there are as many opening brackets at all; the lexer takes far longer. */
function hasMany(text: string): boolean {
  let count = 0
  for (const _ of text.matchAll(/[[{]/g)) if (++count > MOST) return true
  return false
}
