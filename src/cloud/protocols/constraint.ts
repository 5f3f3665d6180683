/** The constraints of one shape, and how AWS words them. */
import type { Shape } from './model.ts'

/** One rule on a value and the words AWS has for it. */
export interface Constraint {
  readonly words: string
  holds(value: unknown): boolean
}

/** The constraints on a value of this shape itself, not on what is inside. */
export function constraintsOf(shape: Shape): Constraint[] {
  const { pattern, patternFlags, enum: values, min, max } = shape.data
  const constraints: Constraint[] = []
  if (pattern !== undefined) {
    const compiled = new RegExp(`^(?:${pattern})$`, patternFlags ?? 'u')
    const words = `Member must satisfy regular expression pattern: ${pattern}`
    constraints.push({ words, holds: (value) => compiled.test(String(value)) })
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
