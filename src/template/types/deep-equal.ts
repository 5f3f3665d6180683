/** Whether two template values are the same. */
import { entryOf } from '../../model/index.ts'

/** Compares plain data; the order of a map's keys does not matter. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      deepEqual(entryOf(a as Record<string, unknown>, key), entryOf(b as Record<string, unknown>, key)),
  )
}
