/** A signature as a request states it, before anybody has verified it. */

import type { Scope } from '../../kernel/signing-scope.ts'
import type { Callee } from './callee.ts'
import type { PayloadPolicy } from './payload-policy.ts'
import { signatureError } from './signature-error.ts'

/** A request whose signature is right, or will be once its body is (see `payload`). */
export interface Authenticated<T> {
  readonly credential: T
  readonly accessKeyId: string
  readonly scope: Scope
  readonly callee: Callee
  readonly payload: PayloadPolicy
}

/**
 * Finds the secret of an access key; a session token is given as sent.
 * It throws InvalidClientTokenId or ExpiredToken, which are reworded for the service that was called.
 */
export type Lookup<T> = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => { secretAccessKey: string } & T

/** A signature as a request states it, wherever it stood. */
export interface StatedSignature {
  readonly accessKeyId: string
  readonly scope: Scope
  readonly callee: Callee
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20260101T000000Z` */
  readonly timestamp: string
  readonly sessionToken?: string
  /** Seconds; presigned URLs only. */
  readonly expires?: number
  readonly presigned: boolean
}

/** AWS: the host must be among the signed headers. */
export function requireSigned(callee: Callee, signedHeaders: readonly string[]): readonly string[] {
  if (signedHeaders.includes('host')) return signedHeaders
  throw signatureError(
    callee,
    'incomplete',
    `'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`,
  )
}

/** Reads `AKID/20260101/us-east-1/s3/aws4_request`; undefined when it is not of that form. */
export function parseScope(credential: string): { accessKeyId: string; scope: Scope } | undefined {
  const parts = credential.split('/')
  if (parts.length < 5 || parts.at(-1) !== 'aws4_request') return undefined
  const [date, region, service] = parts.slice(-4) as [string, string, string]
  return { accessKeyId: parts.slice(0, -4).join('/'), scope: { date, region, service } }
}
