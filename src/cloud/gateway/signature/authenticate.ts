/** Who sent a request: Signature Version 4 in the header or the query, and S3's old presigned URLs. */

import { createHash } from 'node:crypto'
import { canonicalHash } from './canonical-request.ts'
import { requireRegionOfEndpoint } from './endpoint-region.ts'
import { policyFor } from './payload-policy-for.ts'
import { parsePresigned } from './presigned.ts'
import { lookupError, signatureError } from './signature-error.ts'
import { isSignatureV2, verifyV2 } from './signature-v2.ts'
import type { SignedRequest } from './signed-request.ts'
import { sameText, sign, signingKey } from './signing-key.ts'
import { requireFresh } from './signing-time.ts'
import {
  type Authenticated,
  type Lookup,
  parseScope,
  requireSigned,
  type StatedSignature,
} from './stated-signature.ts'

export type { SignedRequest } from './signed-request.ts'

/**
 * Verifies the signature of a request. A body that is signed is checked afterwards by `payloadReader` or
 * `verifyPayload` with the policy given back.
 * Errors: the signature errors of the service's family.
 */
export function authenticate<T>(
  request: SignedRequest,
  lookup: Lookup<T>,
  now: Date,
): Authenticated<{ secretAccessKey: string } & T> | 'anonymous' {
  if (isSignatureV2(request)) return verifyV2(request, lookup, now)
  const stated = parsePresigned(request) ?? parseHeader(request)
  if (!stated) return 'anonymous'
  const { accessKeyId, scope } = stated
  requireRegionOfEndpoint(request, stated)
  const credential = find(lookup, stated)
  requireFresh(stated, now)
  const key = signingKey(credential.secretAccessKey, scope)
  const check = (payloadHash: string): void => verify(request, stated, key, payloadHash)
  const policy = policyFor(request, stated, key, check)
  return { credential, accessKeyId, scope, payload: { ...policy, foreignChecksums: isCompletion(request) } }
}

/** AWS: the checksum sent to CompleteMultipartUpload is the whole object's, not the request's. */
function isCompletion(request: SignedRequest): boolean {
  return request.method === 'POST' && /(^|&)uploadId=/.test(request.query)
}

function find<T>(lookup: Lookup<T>, stated: StatedSignature): { secretAccessKey: string } & T {
  const { accessKeyId, sessionToken, scope } = stated
  try {
    return lookup(accessKeyId, sessionToken)
  } catch (error) {
    throw lookupError(scope.service, error, sessionToken !== undefined)
  }
}

function verify(request: SignedRequest, stated: StatedSignature, key: Buffer, payloadHash: string): void {
  const { scope, signedHeaders, timestamp } = stated
  const hash = canonicalHash(request, {
    signedHeaders,
    payloadHash,
    pathAsSent: scope.service === 's3',
    without: stated.presigned ? 'X-Amz-Signature' : undefined,
  })
  if (!sameText(sign(key, timestamp, scope, hash), stated.signature))
    throw signatureError(scope.service, 'mismatch')
}

const headerSyntax = /^AWS4-HMAC-SHA256\s+(.*)$/

function parseHeader(request: SignedRequest): StatedSignature | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const parts = headerSyntax.exec(header)?.[1]
  if (parts === undefined) throw signatureError('s3', 'incomplete', 'Unsupported Authorization Type')
  const fields = new Map<string, string>()
  for (const part of parts.split(',')) {
    const at = part.indexOf('=')
    if (at > 0) fields.set(part.slice(0, at).trim(), part.slice(at + 1).trim())
  }
  const credential = fields.get('Credential') ?? ''
  const scope = parseScope(credential)
  const service = scope?.scope.service ?? 'sts'
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !fields.has(name))
  if (missing.length > 0) throw signatureError(service, 'incomplete', missingText(missing, header))
  if (!scope)
    throw signatureError(
      service,
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    )
  const timestamp = request.headers['x-amz-date'] ?? httpDateStamp(request.headers.date)
  if (timestamp === undefined)
    throw signatureError(
      service,
      'incomplete',
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ${quotedHash(header)}`,
    )
  return {
    ...scope,
    signedHeaders: requireSigned(service, fields.get('SignedHeaders')!.toLowerCase().split(';')),
    signature: fields.get('Signature')!,
    timestamp,
    sessionToken: request.headers['x-amz-security-token'],
    presigned: false,
  }
}

function missingText(missing: readonly string[], header: string): string {
  const each = missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' ')
  return `${each} ${quotedHash(header)}`
}

/** AWS: the header itself is not repeated, only its hash. */
function quotedHash(header: string): string {
  const hash = createHash('sha256').update(header).digest('hex')
  return `(Hashed with SHA-256 and encoded with Hex) Authorization=${hash}`
}

function httpDateStamp(date: string | undefined): string | undefined {
  if (date === undefined) return undefined
  const parsed = new Date(date)
  if (Number.isNaN(parsed.getTime())) return undefined
  return parsed.toISOString().replace(/[-:]|\.\d+/g, '')
}
