/** The walk behind every list of objects: keys in order, those with a common prefix rolled up. */
import type { BucketObjects } from './bucket-objects.ts'
import { invalidArgument } from './errors.ts'
import { compareKeys } from './sorted-keys.ts'

export interface Walk {
  readonly prefix: string
  readonly delimiter: string
  /** The walk begins behind this key or common prefix. */
  readonly after?: string
  /** With `after`: the key itself is visited once more (versions of it may be left). */
  readonly inclusive?: boolean
}

export type Step = { readonly key: string } | { readonly commonPrefix: string }

/** AWS: at most 1,000 entries to a page, fewer on request. */
export function pageSize(asked = 1000, argument = 'max-keys'): number {
  if (!Number.isInteger(asked) || asked < 0)
    throw invalidArgument(`Argument ${argument} must be an integer between 0 and 2147483647`, argument, asked)
  return Math.min(asked, 1000)
}

/**
 * Gives keys and common prefixes in order. `isListed` tells which keys count: a common prefix of keys that do not
 * (they lie under delete markers) is not one.
 */
export function* walk(
  objects: BucketObjects,
  asked: Walk,
  isListed: (key: string) => boolean,
): Generator<Step> {
  const { prefix, delimiter, after } = asked
  let keys = objects.keysFrom(startTest(asked))
  for (;;) {
    const { value: key, done } = keys.next()
    if (done || !key.startsWith(prefix)) return
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (end < 0) {
      if (isListed(key)) yield { key }
      continue
    }
    const group = key.slice(0, end + delimiter.length)
    if (!after?.startsWith(group) && hasListed(objects, group, isListed)) yield { commonPrefix: group }
    keys = objects.keysFrom(behindPrefix(group))
  }
}

function startTest({ prefix, after, inclusive }: Walk): (key: string) => boolean {
  return (key) => {
    if (compareKeys(key, prefix) < 0) return false
    if (after === undefined) return true
    return inclusive ? compareKeys(key, after) >= 0 : compareKeys(key, after) > 0
  }
}

const behindPrefix =
  (prefix: string) =>
  (key: string): boolean =>
    compareKeys(key, prefix) > 0 && !key.startsWith(prefix)

function hasListed(objects: BucketObjects, prefix: string, isListed: (key: string) => boolean): boolean {
  for (const key of objects.keysFrom((one) => compareKeys(one, prefix) >= 0)) {
    if (!key.startsWith(prefix)) return false
    if (isListed(key)) return true
  }
  return false
}

/** Gives a writer for keys in the answer. AWS: with `encoding-type=url` all but unreserved characters and `/` is escaped. */
export function keyEncoder(encoding: string | undefined): (text: string) => string {
  if (encoding === undefined) return (text) => text
  if (encoding !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding)
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/')
}
