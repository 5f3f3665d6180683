/** Filters of ListSecrets and BatchGetSecretValue. */
import { AwsError } from '../../../../model/index.ts'
import type { Secret } from '../state.ts'

const KEYS = [
  'name',
  'description',
  'tag-key',
  'tag-value',
  'primary-region',
  'owning-service',
  'all',
] as const

function valuesOf(secret: Secret, key: string): string[] {
  const tagKeys = Object.keys(secret.tags)
  const tagValues = Object.values(secret.tags)
  switch (key) {
    case 'name':
      return [secret.name]
    case 'description':
      return [secret.description ?? '']
    case 'tag-key':
      return tagKeys
    case 'tag-value':
      return tagValues
    case 'all':
      return [secret.name, secret.description ?? '', ...tagKeys, ...tagValues]
    default:
      return []
  }
}

/**
 * Whether a secret passes all filters. AWS: values are prefixes, a leading `!` turns one around, and case counts for
 * names and tags but not for descriptions.
 * Errors: InvalidParameterException for a key that is not known.
 */
export function matchesFilters(
  secret: Secret,
  filters: readonly { Key?: string; Values?: readonly string[] }[],
): boolean {
  return filters.every(({ Key = '', Values = [] }) => {
    if (!KEYS.includes(Key as 'name'))
      throw new AwsError('InvalidParameterException', `Invalid filter key: ${Key}.`)
    const folded = Key === 'description' || Key === 'all'
    const fold = (text: string) => (folded ? text.toLowerCase() : text)
    const actual = valuesOf(secret, Key).map(fold)
    return Values.some((value) => {
      const negated = value.startsWith('!')
      const prefix = fold(negated ? value.slice(1) : value)
      return actual.some((one) => one.startsWith(prefix)) !== negated
    })
  })
}
