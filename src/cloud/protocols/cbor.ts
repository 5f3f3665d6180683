/**
 * CBOR, RFC 8949, as Smithy's clients write and read it. The codec of the SDK's own core brings all of its protocols
 * along and takes 30 ms to load, half of what starting a cloud does.
 */
import { MalformedValue } from './scalar.ts'

/** A number of seconds since 1970. RFC 8949, 3.4.2: the tag of times is 1. */
export class Seconds {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

const MAJOR = { positive: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const
const INDEFINITE = 31
const BREAK = 0xff
/** What nobody sends to a service; deeper values could use up the stack. */
const DEEPEST = 128

/** Reads one value; times come as numbers of seconds, bytes as buffers. Errors: MalformedValue. */
export function readCbor(bytes: Buffer): unknown {
  if (bytes.length === 0) return {}
  const reader = new Reader(bytes)
  try {
    return reader.value(0)
  } catch (error) {
    throw error instanceof RangeError ? new MalformedValue('Could not parse request body into cbor') : error
  }
}

class Reader {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new MalformedValue('The request body is nested too deeply')
    const first = this.bytes.readUInt8(this.at++)
    const [major, info] = [first >> 5, first & 31]
    if (major === MAJOR.simple) return this.simple(info)
    if (info === INDEFINITE) return this.indefinite(major, depth)
    const count = this.count(info)
    switch (major) {
      case MAJOR.positive:
        return count
      case MAJOR.negative:
        return -1 - count
      case MAJOR.bytes:
        return this.slice(count)
      case MAJOR.text:
        return this.slice(count).toString()
      case MAJOR.list:
        return this.list(count, depth)
      case MAJOR.map:
        return Object.fromEntries(this.pairs(count, depth))
      default:
        return this.value(depth + 1)
    }
  }

  private count(info: number): number {
    if (info < 24) return info
    const size = info - 24
    const start = this.at
    this.at += 2 ** size
    switch (size) {
      case 0:
        return this.bytes.readUInt8(start)
      case 1:
        return this.bytes.readUInt16BE(start)
      case 2:
        return this.bytes.readUInt32BE(start)
      case 3:
        return Number(this.bytes.readBigUInt64BE(start))
      default:
        throw new MalformedValue('Could not parse request body into cbor')
    }
  }

  private slice(count: number): Buffer {
    const end = this.at + count
    if (end > this.bytes.length) throw new RangeError('the value ends behind the body')
    const part = this.bytes.subarray(this.at, end)
    this.at = end
    return part
  }

  private list(count: number, depth: number): unknown[] {
    const items: unknown[] = []
    // One by one: what is claimed and not there ends at the end of the body.
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1))
    return items
  }

  private pairs(count: number, depth: number): [string, unknown][] {
    const pairs: [string, unknown][] = []
    for (let index = 0; index < count; index++)
      pairs.push([String(this.value(depth + 1)), this.value(depth + 1)])
    return pairs
  }

  private indefinite(major: number, depth: number): unknown {
    const items: unknown[] = []
    while (this.bytes.readUInt8(this.at) !== BREAK) items.push(this.value(depth + 1))
    this.at++
    if (major === MAJOR.list) return items
    if (major === MAJOR.text) return items.join('')
    if (major === MAJOR.bytes) return Buffer.concat(items as Buffer[])
    if (major !== MAJOR.map) throw new MalformedValue('Could not parse request body into cbor')
    return Object.fromEntries(items.flatMap((key, at) => (at % 2 ? [] : [[String(key), items[at + 1]]])))
  }

  private simple(info: number): unknown {
    const start = this.at
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
      case 23:
        return null
      case 25:
        this.at += 2
        return halfFloat(this.bytes.readUInt16BE(start))
      case 26:
        this.at += 4
        return this.bytes.readFloatBE(start)
      case 27:
        this.at += 8
        return this.bytes.readDoubleBE(start)
      default:
        throw new MalformedValue('Could not parse request body into cbor')
    }
  }
}

/** RFC 8949, appendix D. */
function halfFloat(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 0x3ff]
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction
          ? Number.NaN
          : Number.POSITIVE_INFINITY
        : (fraction + 1024) * 2 ** (exponent - 25)
  return bits & 0x8000 ? -size : size
}

/** Writes texts, numbers, truth values, bytes, lists, records and `Seconds`; members that are undefined are left out. */
export function writeCbor(value: unknown): Buffer {
  const parts: Buffer[] = []
  write(value, parts)
  return Buffer.concat(parts)
}

function write(value: unknown, parts: Buffer[]): void {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    parts.push(head(MAJOR.text, text.length), text)
  } else if (typeof value === 'number') parts.push(numberOf(value))
  else if (typeof value === 'boolean') parts.push(Buffer.from([value ? 0xf5 : 0xf4]))
  else if (value instanceof Seconds) parts.push(head(MAJOR.tag, 1), doubleOf(value.value))
  else if (value instanceof Uint8Array) parts.push(head(MAJOR.bytes, value.length), Buffer.from(value))
  else if (Array.isArray(value)) {
    parts.push(head(MAJOR.list, value.length))
    for (const item of value) write(item, parts)
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    parts.push(head(MAJOR.map, entries.length))
    for (const [key, item] of entries) {
      write(key, parts)
      write(item, parts)
    }
  } else parts.push(Buffer.from([0xf6]))
}

function numberOf(value: number): Buffer {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return doubleOf(value)
  return value < 0 ? head(MAJOR.negative, -1 - value) : head(MAJOR.positive, value)
}

function doubleOf(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8(0xfb, 0)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function head(major: number, count: number): Buffer {
  const type = major << 5
  if (count < 24) return Buffer.from([type | count])
  if (count < 0x100) return Buffer.from([type | 24, count])
  const bytes = Buffer.alloc(count < 0x10000 ? 3 : count < 0x100000000 ? 5 : 9)
  bytes.writeUInt8(type | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27), 0)
  if (bytes.length === 3) bytes.writeUInt16BE(count, 1)
  else if (bytes.length === 5) bytes.writeUInt32BE(count, 1)
  else bytes.writeBigUInt64BE(BigInt(count), 1)
  return bytes
}
