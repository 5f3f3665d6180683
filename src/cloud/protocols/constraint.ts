/** The constraints of one shape, and how AWS words them. */
import { linearPattern } from '../../model/index.ts'
import type { Shape } from './model.ts'

/** One rule on a value and the words AWS has for it. */
export interface Constraint {
  readonly words: string
  holds(value: unknown): boolean
}

/** Some of AWS's own patterns take exponential time, which needs a repeated group; others the square of the length. */
const MAY_EXPLODE = /\)[*+{]/
const SHORT = 256

/**
 * Gives the test of whole values: the fast engine where a value can do no harm, the linear one where it could.
 * What that one does not read is a class of characters or looks ahead from one place, and harms nobody.
 */
function patternTest(pattern: string, flags = 'u'): (value: unknown) => boolean {
  const native = new RegExp(`^(?:${pattern})$`, flags)
  let linear: Pick<ReturnType<typeof linearPattern>, 'matches'> | undefined
  return (value) => {
    const text = String(value)
    if (text.length <= SHORT && !MAY_EXPLODE.test(pattern)) return native.test(text)
    linear ??= linearOr(pattern, native)
    return linear.matches(text)
  }
}

function linearOr(pattern: string, native: RegExp): Pick<ReturnType<typeof linearPattern>, 'matches'> {
  try {
    return linearPattern(pattern)
  } catch {
    return { matches: (text) => native.test(String(text)) }
  }
}

/** The constraints on a value of this shape itself, not on what is inside. */
export function constraintsOf(shape: Shape): Constraint[] {
  const { pattern, patternFlags, enum: values, min, max } = shape.data
  const constraints: Constraint[] = []
  if (pattern !== undefined) {
    const words = `Member must satisfy regular expression pattern: ${pattern}`
    constraints.push({ words, holds: patternTest(pattern, patternFlags) })
  }
  const isNumber = ['integer', 'long', 'float', 'double'].includes(shape.type)
  const measure = isNumber ? Number : lengthOf
  const noun = isNumber ? 'value' : 'length'
  if (max !== undefined) {
    const words = `Member must have ${noun} less than or equal to ${max}`
    constraints.push({ words, holds: (value) => measure(value) <= max })
  }
  if (min !== undefined) {
    const words = `Member must have ${noun} greater than or equal to ${min}`
    constraints.push({ words, holds: (value) => measure(value) >= min })
  }
  if (values !== undefined) {
    const words = `Member must satisfy enum value set: [${values.join(', ')}]`
    constraints.push({ words, holds: (value) => values.includes(String(value)) })
  }
  return constraints
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (value instanceof Uint8Array) return value.byteLength
  return Object.keys(value as object).length
}

/** A value as AWS quotes it in a validation error. */
export function quoted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}=${quoted(one)}`)
    .join(', ')}}`
}
