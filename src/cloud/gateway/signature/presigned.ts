/** Signature Version 4 in a URL's query. */

import type { SignedRequest } from '../../kernel/signing-rules.ts'
import { queryPairs } from '../../protocols/index.ts'
import type { Callee, Callees } from './callee.ts'
import { signatureError } from './signature-error.ts'
import type { StatedSignature } from './stated-signature.ts'
import { parseScope, requireSigned } from './stated-signature.ts'

/** AWS: a presigned URL is good for at most seven days. */
const LONGEST_SECONDS = 7 * 24 * 3600
const required = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires']

/** Gives the signature stated in the query, if there is one. Errors: `malformedQuery` in the service's words. */
export function parsePresigned(request: SignedRequest, callees: Callees): StatedSignature | undefined {
  if (!request.query.includes('X-Amz-Algorithm') && !request.query.includes('X-Amz-Signature'))
    return undefined
  const query = new Map(queryPairs(request.query))
  const credential = query.get('X-Amz-Credential') ?? ''
  const scope = parseScope(credential)
  const callee = scope ? callees.of(scope.scope.service) : callees.unscoped(request)
  const problem = problemIn(query, scope !== undefined, callee)
  if (problem !== undefined) throw signatureError(callee, 'malformedQuery', problem)
  const expires = Number(query.get('X-Amz-Expires') ?? 900)
  return {
    ...scope!,
    callee,
    signedHeaders: requireSigned(callee, query.get('X-Amz-SignedHeaders')!.toLowerCase().split(';')),
    signature: query.get('X-Amz-Signature')!,
    timestamp: query.get('X-Amz-Date')!,
    sessionToken: query.get('X-Amz-Security-Token') ?? request.headers['x-amz-security-token'],
    expires,
    presigned: true,
  }
}

function problemIn(query: Map<string, string>, hasScope: boolean, { rules }: Callee): string | undefined {
  // AWS: outside S3 a presigned request may leave the expiry out (15 minutes).
  const wanted = rules.statesExpiry ? required : required.filter((name) => name !== 'Expires')
  if (wanted.some((name) => !query.has(`X-Amz-${name}`))) {
    return 'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.'
  }
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    return 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'
  if (!hasScope)
    return `Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`
  const expires = Number(query.get('X-Amz-Expires') ?? 900)
  if (!Number.isInteger(expires)) return 'X-Amz-Expires should be a number'
  if (expires < 0) return 'X-Amz-Expires must be non-negative'
  if (expires > LONGEST_SECONDS) return 'X-Amz-Expires must be less than a week (in seconds) that is 604800'
  return undefined
}
