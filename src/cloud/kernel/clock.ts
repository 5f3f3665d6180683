/** Time and chance, injected so that tests decide both. */
import { randomUUID } from 'node:crypto'
import { randomBytes } from '../machine/random-bytes.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  date(): Date
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export interface Ids {
  uuid(): string
  /** So many characters out of `A-Z0-9`, as in access key and role ids. */
  upper(length: number): string
  /** So many characters out of `a-z0-9`. */
  lower(length: number): string
  /** So many characters out of `A-Za-z0-9`, as in artifact keys. */
  mixed(length: number): string
}

export const systemClock: Clock = {
  now: () => Date.now(),
  date: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal?.addEventListener('abort', done)
    }),
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789'
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const pick = (alphabet: string, length: number): string => {
  let text = ''
  for (const byte of randomBytes(length)) text += alphabet[byte % alphabet.length]
  return text
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  upper: (length) => pick(UPPER, length),
  lower: (length) => pick(LOWER, length),
  mixed: (length) => pick(MIXED, length),
}
