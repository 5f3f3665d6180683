/** Amazon Resource Names: taking them apart and putting them together. */

/** An ARN as text, `arn:partition:service:region:account:resource`. */
export type Arn = string

/** The six fields of an ARN; `region` and `account` may be empty (IAM is global, S3 buckets carry no account). */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Gives the fields of an ARN, or undefined where the text is none. AWS: the resource may itself contain colons. */
export function parseArn(text: string): ArnParts | undefined {
  if (!text.startsWith('arn:')) return undefined
  const fields: string[] = []
  let start = 'arn:'.length
  while (fields.length < 4) {
    const colon = text.indexOf(':', start)
    if (colon < 0) return undefined
    fields.push(text.slice(start, colon))
    start = colon + 1
  }
  const [partition = '', service = '', region = '', account = ''] = fields
  return partition ? { partition, service, region, account, resource: text.slice(start) } : undefined
}

/** Gives the ARN for its fields in the `aws` partition. */
export function formatArn(service: string, region: string, account: string, resource: string): Arn {
  return `arn:aws:${service}:${region}:${account}:${resource}`
}

/** Gives the ARN of an account's root, the principal that stands for the whole account. */
export const rootArn = (account: string): Arn => formatArn('iam', '', account, 'root')

/** Gives the name at the end of a role or user ARN, without its path. */
export const principalName = (arn: Arn): string => arn.slice(arn.lastIndexOf('/') + 1)

/**
 * Gives the role's ARN for an assumed-role session ARN when the role has no path, else the ARN unchanged.
 * AWS: a session ARN drops the role's path, so a role with a path cannot be told from it.
 */
export function roleArnOfSession(arn: Arn): Arn {
  const match = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn)
  return match ? `arn:${match[1]}:iam::${match[2]}:role/${match[3]}` : arn
}
