/** Which payload policy a signed request asks for; verifies its signature as soon as the payload's hash is known. */
import { AwsError } from '../../../model/index.ts'
import type { SignedRequest } from '../../kernel/signing-rules.ts'
import { queryPairs } from '../../protocols/index.ts'
import type { ChunkSeed, PayloadPolicy } from './payload-policy.ts'
import type { StatedSignature } from './stated-signature.ts'

/**
 * AWS: S3 wants x-amz-content-sha256, which is also what is signed, unless the URL is presigned; other services
 * take the hash of the body, so there the signature can only be checked once the body is read.
 */
export function policyFor(
  request: SignedRequest,
  stated: StatedSignature,
  key: Buffer,
  check: (payloadHash: string) => void,
): PayloadPolicy {
  const { scope, timestamp, signature, callee } = stated
  const hash = statedHash(request, stated)
  if (hash === undefined) {
    if (!callee.rules.statesHash) return { kind: 'deferred', check }
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  check(hash)
  const seed: ChunkSeed = { key, timestamp, scope, callee, signature }
  switch (hash) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' }
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'unsigned-trailer' }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'signed-chunks', seed }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'signed-chunks-trailer', seed }
  }
  if (/^[0-9a-f]{64}$/.test(hash)) return { kind: 'sha256', hash, callee }
  if (hash.startsWith('STREAMING-')) {
    throw new AwsError(
      'NotImplemented',
      `The embedded cloud does not support the payload signature ${hash}`,
      {
        status: 501,
      },
    )
  }
  throw new AwsError(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    { fields: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: hash } },
  )
}

/** A presigned URL's own hash counts; a header only where it was signed with the URL. */
function statedHash(request: SignedRequest, stated: StatedSignature): string | undefined {
  const header = request.headers['x-amz-content-sha256']
  if (!stated.presigned) return header
  const inQuery = new Map(queryPairs(request.query)).get('X-Amz-Content-Sha256')
  if (inQuery !== undefined) return inQuery
  if (header !== undefined && stated.signedHeaders.includes('x-amz-content-sha256')) return header
  return stated.callee.rules.statesHash ? 'UNSIGNED-PAYLOAD' : undefined
}
