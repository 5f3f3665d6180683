/** Keys as the database can hold them: LMDB's are short, names that users give may be of any length. */
import { createHash } from 'node:crypto'
import type { StoredKey } from './write-behind.ts'

/**
 * LMDB: a key has at most 1,978 bytes, and one that has more ends the transaction that it is put in. Control characters
 * take two bytes each, collection and scope are short.
 */
const LONGEST = 900
const HASHED = '\uffffsha256:'

/** What a record is kept as whose key is too long: it brings its key along. */
interface Carrier {
  readonly key: string
  readonly value: unknown
}

const isCarried = (key: string): boolean => Buffer.byteLength(key) > LONGEST || key.startsWith(HASHED)

/** Gives the key to put a record at: a hash in place of one that is too long. */
export function databaseKey([collection, scope, key]: StoredKey): StoredKey {
  if (!isCarried(key)) return [collection, scope, key]
  return [collection, scope, HASHED + createHash('sha256').update(key).digest('hex')]
}

/** Gives what to put there. */
export function databaseValue([, , key]: StoredKey, value: unknown): unknown {
  const carrier: Carrier = { key, value }
  return isCarried(key) ? carrier : value
}

/** Gives the record and its own key again. */
export function recordOf([collection, scope, key]: StoredKey, value: unknown): [StoredKey, unknown] {
  if (!key.startsWith(HASHED)) return [[collection, scope, key], value]
  const carrier = value as Carrier
  return [[collection, scope, carrier.key], carrier.value]
}
