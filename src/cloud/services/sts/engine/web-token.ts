/**
 * Tokens of OpenID Connect, signed by the cloud in the place of every issuer: offline nobody can fetch an issuer's keys, so
 * these are the only ones that it takes. They are JSON Web Tokens under ES256.
 */
import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { readJson } from '../../../../model/index.ts'
import { type Cloud, part } from '../../../kernel/cloud.ts'

/** What a token says. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  /** Seconds since 1970. */
  readonly iat: number
  readonly exp: number
  readonly [further: string]: unknown
}

interface Keys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Made of the cloud's own secret, so that tokens outlive a restart and nothing has to be kept. */
const tokenKeys = part<Keys>({
  name: 'sts.token-keys',
  make: ({ sealer }) => {
    for (let attempt = 0; ; attempt++) {
      const secret = Buffer.from(sealer.sign(`tokens ${attempt}`), 'base64url')
      const curve = createECDH('prime256v1')
      try {
        curve.setPrivateKey(secret)
      } catch {
        // Not every number is a key of the curve; nearly every one is.
        continue
      }
      const point = curve.getPublicKey()
      const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((one) => one.toString('base64url'))
      const key = { kty: 'EC', crv: 'P-256', x, y, d: secret.toString('base64url') }
      const privateKey = createPrivateKey({ key, format: 'jwk' })
      return { privateKey, publicKey: createPublicKey(privateKey) }
    }
  },
})

const HEADER = encoded({ alg: 'ES256', typ: 'JWT', kid: 'crossdock' })

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Gives the token that says this. */
export function signToken(cloud: Cloud, claims: Claims): string {
  const text = `${HEADER}.${encoded(claims)}`
  const { privateKey } = cloud.part(tokenKeys)
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

/** Gives what a token says, and whether it was signed here; undefined where it is none. */
export function readToken(
  cloud: Cloud,
  token: string,
): { readonly claims: Partial<Claims>; readonly isOurs: boolean } | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const claims = object(payload)
  const { alg } = object(header) ?? {}
  if (!claims || alg === undefined || !signature || rest.length) return undefined
  const key = { key: cloud.part(tokenKeys).publicKey, dsaEncoding: 'ieee-p1363' as const }
  const isOurs =
    alg === 'ES256' &&
    verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
  return { claims, isOurs }
}

function object(text: string): Record<string, unknown> | undefined {
  try {
    const value = readJson(Buffer.from(text, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
