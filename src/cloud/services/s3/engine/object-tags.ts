/** Tags of objects and buckets: reading the tagging header, checking tag sets, and their condition keys. */
import { AwsError } from '../../../../model/index.ts'
import type { Tag } from '../state.ts'
import { invalidArgument } from './errors.ts'

/** Shared by the many objects without tags. */
const NO_TAGS: readonly Tag[] = []

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const invalidTag = (message: string): AwsError => new AwsError('InvalidTag', message)

/** Gives the tags of an `x-amz-tagging` header, `key=value&key2=value2`. */
export function tagsOfHeader(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === '') return NO_TAGS
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }))
  const names = new Set(tags.map((tag) => tag.Key))
  if (names.size < tags.length)
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  return checkTags(tags, 'Object')
}

/** AWS: at most 10 tags on an object and 50 on a bucket; keys to 128 characters, values to 256. */
export function checkTags(
  tags: readonly { Key?: string; Value?: string }[],
  what: 'Object' | 'Bucket',
): Tag[] {
  const limit = what === 'Object' ? 10 : 50
  if (tags.length > limit) throw new AwsError('BadRequest', `${what} tags cannot be greater than ${limit}`)
  const names = new Set<string>()
  return tags.map(({ Key = '', Value = '' }) => {
    if (names.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key')
    names.add(Key)
    if (Key === '' || Key.length > 128 || !ALLOWED.test(Key))
      throw invalidTag('The TagKey you have provided is invalid')
    if (Value.length > 256 || !ALLOWED.test(Value))
      throw invalidTag('The TagValue you have provided is invalid')
    return { Key, Value }
  })
}

/** Condition keys of a request that brings tags for an object. */
export function tagConditions(tags: readonly Tag[]): Record<string, string | readonly string[]> {
  if (tags.length === 0) return {}
  const keys = Object.fromEntries(tags.map((tag) => [`s3:RequestObjectTag/${tag.Key}`, tag.Value]))
  return { ...keys, 's3:RequestObjectTagKeys': tags.map((tag) => tag.Key) }
}
