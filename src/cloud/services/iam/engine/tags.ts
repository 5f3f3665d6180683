/** Tags of IAM entities: lists on the wire, records in the state. */
import { AwsError } from '../../../../model/index.ts'
import { type Tagging, tagsInRecord } from '../../../kernel/tagging.ts'

export type Tags = Readonly<Record<string, string>>
type TagList = readonly { readonly Key?: string; readonly Value?: string }[]

const LIMIT = 50

/**
 * Gives the tags with the listed ones added or changed.
 * AWS: keys compare without regard to case, `aws:` is reserved, 50 tags at most.
 * Errors: InvalidInput, LimitExceeded.
 */
export function addTags(present: Tags, list: TagList = []): Tags {
  const keys = list.map((tag) => tag.Key!.toLowerCase())
  if (new Set(keys).size < keys.length)
    throw new AwsError(
      'InvalidInput',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  if (keys.some((key) => key.startsWith('aws:')))
    throw new AwsError('InvalidInput', 'aws: prefixed tag key names are not allowed for external use.')
  const kept = Object.entries(present).filter(([key]) => !keys.includes(key.toLowerCase()))
  const tags = Object.fromEntries([...kept, ...list.map((tag) => [tag.Key!, tag.Value ?? ''] as const)])
  if (Object.keys(tags).length > LIMIT)
    throw new AwsError('LimitExceeded', 'The number of tags has reached the maximum limit.', { status: 409 })
  return tags
}

/** Gives the tags without the named keys. */
export function removeTags(present: Tags, keys: readonly string[]): Tags {
  const gone = new Set(keys.map((key) => key.toLowerCase()))
  return Object.fromEntries(Object.entries(present).filter(([key]) => !gone.has(key.toLowerCase())))
}

/** How policies see the tags of an IAM entity, and the action that is asked besides when one is made with them. */
export const iamTags = <R extends { readonly tags: Tags }>(creation: string): Tagging<R> =>
  tagsInRecord<R>({
    join: (present, given) =>
      addTags(
        present,
        given.map(([Key, Value]) => ({ Key, Value })),
      ),
    without: removeTags,
    prefixes: ['aws:ResourceTag/', 'iam:ResourceTag/'],
    creation,
  })

/** Gives the tags as the wire has them. */
export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
