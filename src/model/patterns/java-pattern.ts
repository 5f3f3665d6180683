/** Regular expressions that users give to AWS, which reads them as Java's, matched so that none holds the thread. */
import type { RE2JS } from 're2js'
import { javaOnly } from './java-only.ts'
import { linearPattern } from './linear-pattern.ts'
import { PatternError } from './pattern-error.ts'
import { matchNow, matchOnThread } from './pattern-thread.ts'

export interface JavaPattern {
  /** Holds the caller for at most a second: for commands, which have nobody else to serve. Errors: PatternError. */
  matchesWholeNow(text: string): boolean
  /** Errors: PatternError when it takes too long. */
  matchesWhole(text: string): Promise<boolean>
  /** Errors: PatternError when it takes too long. */
  occursIn(text: string): Promise<boolean>
}

/** Instructions of a linear pattern that are compiled here, and steps of a match: some hundredths of a second. */
const PROGRAM = 50_000
const STEPS = 2_000_000

/**
 * Characters and classes of ASCII, some of them a fixed number of times, and at most one of them any number: JavaScript
 * reads them as Java does, and matches whole texts in linear time.
 */
const ATOM = /(?:[\w :/@-]|\[\^?[\w :/@.-]+\])(?:\{\d{1,2}\})?/.source
const ANY_NUMBER = /(?:[*+]|\{\d{1,3},\d{0,3}\})/.source
const PLAIN = new RegExp(`^\\^?(?:${ATOM})*${ANY_NUMBER}?(?:${ATOM})*\\$?$`)
const isPlain = (text: string): boolean => text.length <= 200 && PLAIN.test(text)

/**
 * Compiles a pattern: for the linear engine where it can, for a thread with a deadline where not.
 * Errors: PatternError for what is no regular expression, and for what Java alone reads.
 */
export function javaPattern(text: string): JavaPattern {
  const foreign = javaOnly(text)
  if (foreign) throw new PatternError('unsupported', `has what Crossdock does not read: ${foreign}`)
  const native = withoutNeedlessEscapes(text)
  let linear = isNative(native) ? undefined : compileLinear(text)
  if (typeof linear === 'string') throw new PatternError('invalid', linear)
  const whole = `^(?:${native})$`
  const linearFor = (value: string): RE2JS | undefined => {
    linear ??= compileLinear(text)
    return typeof linear !== 'string' && linear.programSize() * value.length <= STEPS ? linear : undefined
  }
  // The linear engine takes 15 ms to load, a tenth of what checking a small fleet takes.
  const plain = isPlain(text) && isNative(whole) ? new RegExp(whole, 'u') : undefined
  return {
    matchesWhole: async (value) =>
      plain?.test(value) ?? linearFor(value)?.matches(value) ?? matchOnThread({ source: whole, text: value }),
    occursIn: async (value) =>
      linearFor(value)?.test(value) ?? matchOnThread({ source: native, text: value }),
    matchesWholeNow: (value) =>
      plain?.test(value) ?? linearFor(value)?.matches(value) ?? matchNow({ source: whole, text: value }),
  }
}

/** Gives the compiled pattern, or why there is none: looking around, back references, too large to be compiled here. */
function compileLinear(text: string): RE2JS | string {
  if (text.length * mostRepeated(text) > PROGRAM) return 'is too large'
  try {
    return linearPattern(text)
  } catch (error) {
    return (error as Error).message
  }
}

function mostRepeated(text: string): number {
  let most = 1
  for (const [, bound] of text.matchAll(/(\d{1,9})\}/g)) most = Math.max(most, Number(bound))
  return most
}

/** Java takes a backslash before whatever is no letter or digit; JavaScript knows a few of these only. */
const withoutNeedlessEscapes = (text: string): string =>
  text.replace(/\\([\s\S])/gu, (whole, escaped: string) =>
    /[A-Za-z0-9]/.test(escaped) ? whole : `\\u{${escaped.codePointAt(0)!.toString(16)}}`,
  )

function isNative(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}
