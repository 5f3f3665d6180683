/** Reading property values of AWS::S3::Bucket. */

/** Templates may write true as text. */
export const flag = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : value === true || value === 'true'

/** Templates may write numbers as text. */
export const number = (value: unknown): number | undefined =>
  value === undefined ? undefined : Number(value)
