/** Signature Version 4's key derivation and the signature itself. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Scope } from './signing-scope.ts'

const CACHE_LIMIT = 1000
const derived = new Map<string, Buffer>()

/** Derives the key of one day, region and service; derived keys are kept. */
export function signingKey(secretAccessKey: string, scope: Scope): Buffer {
  const name = `${secretAccessKey}\n${scopeText(scope)}`
  const known = derived.get(name)
  if (known) return known
  const date = hmac(`AWS4${secretAccessKey}`, scope.date)
  const key = hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request')
  if (derived.size >= CACHE_LIMIT) derived.delete(derived.keys().next().value!)
  derived.set(name, key)
  return key
}

export const scopeText = (scope: Scope): string =>
  `${scope.date}/${scope.region}/${scope.service}/aws4_request`

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Signs a canonical request's hash. Gives hex. */
export function sign(key: Buffer, timestamp: string, scope: Scope, hash: string): string {
  return hmac(key, `AWS4-HMAC-SHA256\n${timestamp}\n${scopeText(scope)}\n${hash}`).toString('hex')
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
