/** How deep YAML may be nested: apart from JSON's, since its lexer is the largest thing that a start can do without. */
import { CST, Lexer } from 'yaml'
import { MOST_LEVELS } from './nesting.ts'

/** Whether YAML, or what is no YAML, is nested too deeply to be handed to a parser. */
export function isTooDeepYaml(text: string): boolean {
  // Blocks within blocks start further to the right; only `-` and `?` open several on one line.
  if (new RegExp(`^(?:[ \\t]|[-?:](?=[ \\t])){${2 * MOST_LEVELS}}`, 'm').test(text)) return true
  if (!hasMany(text)) return false
  let depth = 0
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token)
    if (type === 'flow-seq-start' || type === 'flow-map-start') depth++
    else if (type === 'flow-seq-end' || type === 'flow-map-end') depth--
    if (depth > MOST_LEVELS) return true
  }
  return false
}

/** Whether there are as many opening brackets at all; the lexer takes far longer. */
function hasMany(text: string): boolean {
  let count = 0
  for (const _ of text.matchAll(/[[{]/g)) if (++count > MOST_LEVELS) return true
  return false
}
