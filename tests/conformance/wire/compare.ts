/** Compares what was sent or answered with what arrived. */
import { isDeepStrictEqual } from 'node:util'
import type { Fields } from '../../../src/cloud/protocols/index.ts'

/** Reads streams to bytes, one level deep: only payloads are streams. */
export async function collected(fields: Fields): Promise<Fields> {
  const result: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    const isStream = typeof value === 'object' && value !== null && Symbol.asyncIterator in value
    result[name] = isStream ? await bytesOf(value as AsyncIterable<Uint8Array>) : value
  }
  return result
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Bytes and dates as tagged JSON, keys in order, absent members absent: equal values become deeply equal. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (value instanceof Date) return { $date: value.getTime() / 1000 }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one)]).sort(byKey as never))
}

const byKey = ([a]: [string], [b]: [string]): number => (a < b ? -1 : 1)

/** The first place where two values differ, in words; undefined when they are the same. */
export function difference(expected: unknown, found: unknown): string | undefined {
  const [left, right] = [plain(expected), plain(found)]
  return isDeepStrictEqual(left, right) ? undefined : firstDifference(left, right, '')
}

function firstDifference(expected: unknown, found: unknown, path: string): string {
  const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null
  if (isRecord(expected) && isRecord(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)])
    const name = [...names].find((one) => !isDeepStrictEqual(expected[one], found[one]))
    if (name !== undefined) return firstDifference(expected[name], found[name], `${path}.${name}`)
  }
  return `${path}: ${JSON.stringify(expected)?.slice(0, 120)} became ${JSON.stringify(found)?.slice(0, 120)}`
}
