/** Reading property values of AWS::S3::Bucket. */
import { AwsError } from '../../../../model/index.ts'
import type { Properties } from '../../../kernel/resource-type.ts'

/** Templates may write true as text. */
export const flag = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : value === true || value === 'true'

/** Templates may write numbers as text. */
export const number = (value: unknown): number | undefined =>
  value === undefined ? undefined : Number(value)

/** Errors: UnsupportedProperty naming a member that the cloud does not do. */
export function only(value: Properties, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new AwsError(
    'UnsupportedProperty',
    `The embedded cloud does not support the property "${where}.${unknown}" of AWS::S3::Bucket.`,
  )
}
