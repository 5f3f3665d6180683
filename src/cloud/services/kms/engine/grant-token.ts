/** Grant tokens. AWS: a grant works at once for whoever brings its token; here it does so for everyone. */
import { AwsError } from '../../../../model/index.ts'
import type { GrantRecord, KeyRecord } from '../state.ts'

/** Gives the token of a grant. */
export const grantToken = (key: KeyRecord, grant: GrantRecord): string =>
  Buffer.from(`${key.arn}#${grant.id}`).toString('base64')

/** Gives key and grant id of a token. Errors: InvalidGrantTokenException. */
export function readGrantToken(token: string): { keyArn: string; grantId: string } {
  const [keyArn = '', grantId = ''] = Buffer.from(token, 'base64').toString().split('#')
  if (/^arn:[\w-]+:kms:.*:key\/.+$/.test(keyArn) && /^[0-9a-f]{64}$/.test(grantId)) return { keyArn, grantId }
  throw new AwsError('InvalidGrantTokenException', 'The grant token is invalid.')
}

/** Refuses tokens that are none. Errors: InvalidGrantTokenException. */
export function checkGrantTokens(tokens: readonly string[] | undefined): void {
  for (const token of tokens ?? []) readGrantToken(token)
}
