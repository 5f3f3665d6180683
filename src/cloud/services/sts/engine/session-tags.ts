/** Session tags: those a caller passes, and those that stay on from the session before. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { SessionDetails } from '../../../kernel/identity.ts'

/**
 * Gives the tags of the new session.
 * AWS: transitive tags of the calling session stay and cannot be changed; keys compare without regard to case.
 * Errors: ValidationError.
 */
export function sessionTags(
  { Tags = [], TransitiveTagKeys = [] }: Pick<Input<'sts', 'AssumeRole'>, 'Tags' | 'TransitiveTagKeys'>,
  calling: SessionDetails | undefined,
): Pick<SessionDetails, 'tags' | 'transitiveTagKeys'> {
  const inheritedKeys = calling?.transitiveTagKeys ?? []
  if (Tags.length === 0 && inheritedKeys.length === 0) return {}
  const keys = Tags.map((tag) => tag.Key.toLowerCase())
  if (new Set(keys).size < keys.length)
    throw new AwsError(
      'ValidationError',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  if (inheritedKeys.some((key) => keys.includes(key.toLowerCase())))
    throw new AwsError(
      'ValidationError',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  if (TransitiveTagKeys.some((key) => !keys.includes(key.toLowerCase())))
    throw new AwsError(
      'ValidationError',
      'The specified transitive tag key must be included in the requested tags.',
    )
  const inherited = inheritedKeys.map((key) => [key, entryOf(calling?.tags, key) ?? ''] as const)
  return {
    tags: Object.fromEntries([...inherited, ...Tags.map((tag) => [tag.Key, tag.Value] as const)]),
    transitiveTagKeys: [...inheritedKeys, ...TransitiveTagKeys],
  }
}
