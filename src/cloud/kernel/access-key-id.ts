/** Access key ids, which carry their account as AWS's do. */
import type { Ids } from './clock.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const DIGITS = 10
const RANDOM_BITS = 7n

/**
 * Gives a new id of 20 characters: `AKIA` for a user's key, `ASIA` for temporary credentials.
 * AWS: read in base 32, the 48 bits after the prefix hold the account above 7 further bits; the first bit is set.
 */
export function newAccessKeyId(prefix: 'AKIA' | 'ASIA', account: string, ids: Ids): string {
  const random = ids.upper(16)
  const low = BigInt(ALPHABET.indexOf(random[0]!)) << 2n
  let value = ((1n << 47n) | (BigInt(account || 0) << RANDOM_BITS) | low) << 2n
  let text = ''
  for (let digit = 0; digit < DIGITS; digit++) {
    text = ALPHABET[Number(value & 31n)] + text
    value >>= 5n
  }
  return prefix + text + random.slice(DIGITS)
}

/** Gives the account of an access key id, or undefined where the text is none. */
export function accountOfAccessKeyId(id: string): string | undefined {
  if (!/^A[KS]IA[A-Z2-7]{16}$/.test(id)) return undefined
  let value = 0n
  for (const sign of id.slice(4, 4 + DIGITS)) value = (value << 5n) | BigInt(ALPHABET.indexOf(sign))
  return ((value >> (RANDOM_BITS + 2n)) & ((1n << 40n) - 1n)).toString().padStart(12, '0')
}
