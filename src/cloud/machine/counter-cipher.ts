/** AES-256 in counter mode, which can begin at any byte: what ranges of encrypted bodies need. */
import { type Cipher, createCipheriv } from 'node:crypto'
import { randomBytes } from './random-bytes.ts'

const BLOCK = 16

/** Gives a fresh first counter block as 32 hexadecimal digits. */
export const newCounter = (): string => randomBytes(BLOCK).toString('hex')

/** Gives the cipher (it encrypts and decrypts alike) for the bytes from `position` on. */
export function cipherAt(key: Uint8Array, counter: string, position: number): Cipher {
  const start = (BigInt(`0x${counter}`) + BigInt(Math.floor(position / BLOCK))) % (1n << 128n)
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.from(start.toString(16).padStart(32, '0'), 'hex'))
  cipher.update(Buffer.alloc(position % BLOCK))
  return cipher
}
