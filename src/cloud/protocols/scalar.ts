/** Scalars written as text: in XML, in query parameters, in headers and in paths. */
import type { Member } from './model.ts'
import type { TimestampFormat } from './model-data.ts'
import { formatTimestamp, parseTimestamp, timestampFormat } from './timestamp.ts'

/** A value on the wire that is not of the modelled type; each protocol words it in its own way. */
export class MalformedValue extends Error {
  override readonly name = 'MalformedValue'
}

const numeric = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** Compiles the reader of a scalar member. The reader throws MalformedValue. */
export function textReader(member: Member): (text: string) => unknown {
  const { type } = member.shape
  switch (type) {
    case 'string':
      return (text) => text
    case 'boolean':
      return (text) => readBoolean(text, member.name)
    case 'integer':
    case 'long':
      return (text) => readNumber(text, member.name, /^[+-]?\d+$/)
    case 'float':
    case 'double':
      return (text) =>
        readNumber(text, member.name, /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^NaN$|^-?Infinity$/)
    case 'blob':
      return (text) => readBase64(text.trim(), member.name)
    case 'timestamp':
      return (text) => readDate(text, member.name)
    default:
      throw new Error(`${member.name}: a ${type} cannot be read from text`)
  }
}

/** Compiles the writer of a scalar member; `body` is the timestamp format of the protocol's body. */
export function textWriter(member: Member, body: TimestampFormat): (value: unknown) => string {
  switch (member.shape.type) {
    case 'blob':
      return (value) => toBase64(value)
    case 'timestamp': {
      const format = timestampFormat(member, body)
      return (value) => formatTimestamp(asDate(value, member.name), format)
    }
    default:
      return String
  }
}

/** Errors: a TypeError naming the member, when a handler gave something else than a Date. */
export function asDate(value: unknown, name: string): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value
  throw new TypeError(`${name} must be a valid Date`)
}

export function toBase64(value: unknown): string {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  }
  return Buffer.from(String(value)).toString('base64')
}

export function readBase64(text: string, name: string): Buffer {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new MalformedValue(`${name} is not valid base64`)
  }
  return Buffer.from(text, 'base64')
}

function readBoolean(text: string, name: string): boolean {
  const lower = text.trim().toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw new MalformedValue(`${name} must be true or false`)
}

function readNumber(text: string, name: string, syntax: RegExp): number {
  const trimmed = text.trim()
  if (syntax.test(trimmed)) return Number(trimmed)
  throw new MalformedValue(`${name} must be ${numeric.test(trimmed) ? 'an integer' : 'a number'}`)
}

function readDate(text: string, name: string): Date {
  const date = parseTimestamp(text.trim())
  if (date) return date
  throw new MalformedValue(`${name} is not a valid timestamp`)
}
