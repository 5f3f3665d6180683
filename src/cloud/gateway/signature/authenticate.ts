/** Who sent a request: Signature Version 4 in the header or the query, and the presigned URLs before it. */

import { createHash } from 'node:crypto'
import { sameText, sign, signingKey } from '../../kernel/signing-key.ts'
import type { SignedRequest } from '../../kernel/signing-rules.ts'
import type { Callee, Callees } from './callee.ts'
import { canonicalHash } from './canonical-request.ts'
import { policyFor } from './payload-policy-for.ts'
import { parsePresigned } from './presigned.ts'
import { lookupError, signatureError } from './signature-error.ts'
import { requireFresh } from './signing-time.ts'
import {
  type Authenticated,
  type Lookup,
  parseScope,
  requireSigned,
  type StatedSignature,
} from './stated-signature.ts'

export type { SignedRequest } from '../../kernel/signing-rules.ts'

/**
 * Verifies the signature of a request. A body that is signed is checked afterwards by `payloadReader` or
 * `verifyPayload` with the policy given back.
 * Errors: the signature errors of the service that is called.
 */
export function authenticate<T>(
  request: SignedRequest,
  lookup: Lookup<T>,
  now: Date,
  callees: Callees,
): Authenticated<{ secretAccessKey: string } & T> | 'anonymous' {
  const older = request.query === '' ? undefined : authenticateOlder(request, lookup, now, callees.older)
  if (older) return older
  const stated = parsePresigned(request, callees) ?? parseHeader(request, callees)
  if (!stated) return 'anonymous'
  const { accessKeyId, scope, callee } = stated
  const foreign = callee.rules.foreignEndpoint?.(request.headers.host ?? '', scope.region, stated.presigned)
  if (foreign) throw foreign
  const credential = find(lookup, stated)
  requireFresh(stated, now)
  const key = signingKey(credential.secretAccessKey, scope)
  const check = (payloadHash: string): void => verify(request, stated, key, payloadHash)
  const policy = policyFor(request, stated, key, check)
  const foreignChecksums = callee.rules.foreignChecksums?.(request) ?? false
  return { credential, accessKeyId, scope, callee, payload: { ...policy, foreignChecksums } }
}

/** Verifies a presigned URL of Signature Version 2, for services that take it: it has no scope. */
function authenticateOlder<T>(
  request: SignedRequest,
  lookup: Lookup<T>,
  now: Date,
  callees: readonly Callee[],
): Authenticated<{ secretAccessKey: string } & T> | undefined {
  for (const callee of callees) {
    const stated = callee.rules.older?.(request)
    if (!stated) continue
    const { accessKeyId, region, sessionToken } = stated
    const credential = find(lookup, { accessKeyId, sessionToken, callee })
    stated.requireFresh(now)
    if (!sameText(stated.expected(credential.secretAccessKey), stated.signature))
      throw signatureError(callee, 'mismatch')
    const scope = { date: '', region, service: callee.service }
    return { credential, accessKeyId, scope, callee, payload: { kind: 'unsigned' } }
  }
  return undefined
}

function find<T>(
  lookup: Lookup<T>,
  stated: Pick<StatedSignature, 'accessKeyId' | 'sessionToken' | 'callee'>,
): { secretAccessKey: string } & T {
  const { accessKeyId, sessionToken, callee } = stated
  try {
    return lookup(accessKeyId, sessionToken)
  } catch (error) {
    throw lookupError(callee, error, sessionToken !== undefined)
  }
}

function verify(request: SignedRequest, stated: StatedSignature, key: Buffer, payloadHash: string): void {
  const { scope, signedHeaders, timestamp, callee } = stated
  const hash = canonicalHash(request, {
    signedHeaders,
    payloadHash,
    pathAsSent: callee.rules.pathAsSent ?? false,
    without: stated.presigned ? 'X-Amz-Signature' : undefined,
  })
  if (!sameText(sign(key, timestamp, scope, hash), stated.signature)) throw signatureError(callee, 'mismatch')
}

const headerSyntax = /^AWS4-HMAC-SHA256\s+(.*)$/

function parseHeader(request: SignedRequest, callees: Callees): StatedSignature | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const parts = headerSyntax.exec(header)?.[1]
  if (parts === undefined)
    throw signatureError(callees.unscoped(request), 'incomplete', 'Unsupported Authorization Type')
  const fields = new Map<string, string>()
  for (const part of parts.split(',')) {
    const at = part.indexOf('=')
    if (at > 0) fields.set(part.slice(0, at).trim(), part.slice(at + 1).trim())
  }
  const credential = fields.get('Credential') ?? ''
  const scope = parseScope(credential)
  const callee = scope ? callees.of(scope.scope.service) : callees.unscoped(request)
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !fields.has(name))
  if (missing.length > 0) throw signatureError(callee, 'incomplete', missingText(missing, header))
  if (!scope)
    throw signatureError(
      callee,
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    )
  const timestamp = request.headers['x-amz-date'] ?? httpDateStamp(request.headers.date)
  if (timestamp === undefined)
    throw signatureError(
      callee,
      'incomplete',
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ${quotedHash(header)}`,
    )
  return {
    ...scope,
    callee,
    signedHeaders: requireSigned(callee, fields.get('SignedHeaders')!.toLowerCase().split(';')),
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
