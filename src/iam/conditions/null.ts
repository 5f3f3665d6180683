/** Null: whether a condition key is there at all. */
import type { KeyValue } from '../facts.ts'

/** AWS: an empty list is absent; so is a key whose only value is the empty text. */
const isAbsent = (value: KeyValue): boolean => value === undefined || value === '' || value.length === 0

/** Gives the Null test for the policy's values: `true` wants the key absent, `false` present. */
export function compileNull(wanted: readonly string[]): (value: KeyValue) => boolean {
  const absent = wanted.some((text) => text.toLowerCase() === 'true')
  const present = wanted.some((text) => text.toLowerCase() === 'false')
  return (value) => (isAbsent(value) ? absent : present)
}
