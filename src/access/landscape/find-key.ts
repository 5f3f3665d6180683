/** Which KMS key a text means: an ARN, an alias, an id, or S3's own key. */
import { formatArn, parseArn, type Target } from '../../model/index.ts'
import type { KnownKey, Landscape } from './landscape.ts'

export interface FoundKey {
  /** The key's ARN; the alias' where the key behind it is not known. */
  readonly arn: string
  readonly key?: KnownKey
  /** How it was named. AWS: alias and id alone are looked up in the account of whoever uses them. */
  readonly named: 'arn' | 'alias ARN' | 'alias' | 'id'
}

/** Gives the key that a text means in an account and region; undefined for S3's own key. */
export function findKey(text: string | undefined, where: Target, landscape: Landscape): FoundKey | undefined {
  if (!text || text === 'aws/s3' || /(^|:)alias\/aws\/s3$/.test(text)) return undefined
  const { account, region } = where
  const parts = parseArn(text)
  if (landscape.standIns.mayBeArn(text)) return { arn: text, named: 'arn' }
  const arn = parts
    ? text
    : formatArn('kms', region, account, text.startsWith('alias/') ? text : `key/${text}`)
  const isAlias = /:alias\//.test(arn)
  const target = isAlias ? (landscape.aliases.get(arn) ?? arn) : arn
  const named = isAlias ? (parts ? 'alias ARN' : 'alias') : parts ? 'arn' : 'id'
  return { arn: target, key: landscape.keys.get(target), named }
}
