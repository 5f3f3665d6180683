/** How S3 wants its requests signed, and what it answers to those that are not. */
import { AwsError } from '../../../../model/index.ts'
import type { SignatureWords, SigningRules, Untimely } from '../../../kernel/signing-rules.ts'
import { foreignEndpoint } from './endpoint-region.ts'
import { isoTime, readSignatureV2 } from './signature-v2.ts'

const words: SignatureWords = {
  unknownKey: {
    code: 'InvalidAccessKeyId',
    message: 'The AWS Access Key Id you provided does not exist in our records.',
    status: 403,
  },
  invalidToken: {
    code: 'InvalidToken',
    message: 'The provided token is malformed or otherwise invalid.',
    status: 400,
  },
  expiredToken: { code: 'ExpiredToken', message: 'The provided token has expired.', status: 400 },
  mismatch: {
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    status: 403,
  },
  missing: { code: 'AccessDenied', message: 'Access Denied', status: 403 },
  incomplete: {
    code: 'AuthorizationHeaderMalformed',
    message: 'The authorization header that you provided is not valid.',
    status: 400,
  },
  malformedQuery: {
    code: 'AuthorizationQueryParametersError',
    message: 'Error parsing the X-Amz-Credential parameter',
    status: 400,
  },
}

export const signing: SigningRules = {
  words,
  foreignEndpoint,
  pathAsSent: true,
  statesHash: true,
  statesExpiry: true,
  otherHash: (stated, computed) =>
    new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { fields: { ClientComputedContentSHA256: stated, S3ComputedContentSHA256: computed } },
    ),
  untimely,
  // AWS: the checksum sent to CompleteMultipartUpload is the whole object's, not the request's.
  foreignChecksums: ({ method, query }) => method === 'POST' && /(^|&)uploadId=/.test(query),
  older: readSignatureV2,
  conditions: (version) => VERSIONS[version],
}

const VERSIONS = {
  2: { 's3:signatureversion': 'AWS' },
  4: { 's3:signatureversion': 'AWS4-HMAC-SHA256' },
} as const

function untimely({ problem, timestamp, now, skewMs, expires, until = 0 }: Untimely): AwsError {
  if (problem === 'early') return new AwsError('AccessDenied', 'Request is not yet valid', { status: 403 })
  if (problem === 'expired')
    return new AwsError('AccessDenied', 'Request has expired', {
      status: 403,
      fields: { 'X-Amz-Expires': expires, Expires: isoTime(until), ServerTime: isoTime(now.getTime()) },
    })
  return new AwsError(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    {
      status: 403,
      fields: {
        RequestTime: timestamp,
        ServerTime: isoTime(now.getTime()),
        MaxAllowedSkewMilliseconds: skewMs,
      },
    },
  )
}
