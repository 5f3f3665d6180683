/** Regular expressions matched in linear time by RE2's algorithm, for patterns and texts that come from users. */
import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'

/** Loaded when the first pattern is compiled: most commands need none. */
let engine: typeof RE2JS | undefined

/**
 * Gives the compiled pattern; `matches` asks for the whole text and `test` for a part of it. Time is at worst the
 * product of the text's length and `programSize()`. Errors: RE2JSException for what RE2 has not (looking around, back
 * references) and for what is no pattern.
 */
export function linearPattern(source: string): RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS
  return engine.compile(source)
}
