/** JSON bodies by model: readers and writers compiled once per shape. */

import { setEntry } from '../../model/index.ts'
import type { Fields } from '../kernel/wire.ts'
import type { Member, Shape } from './model.ts'
import { asDate, MalformedValue, readBase64, toBase64 } from './scalar.ts'
import { formatTimestamp, parseTimestamp, timestampFormat } from './timestamp.ts'

type Convert = (value: unknown) => unknown

const readers = new WeakMap<Shape, Convert>()
const writers = new WeakMap<Shape, Convert>()

/** Gives what turns parsed JSON into a member's value. It throws MalformedValue. */
export function jsonReader(member: Member): Convert {
  return scalarReader(member) ?? cached(readers, member.shape, compileReader)
}

/** Gives what turns a member's value into JSON to stringify; members that the model does not know are left out. */
function jsonWriter(member: Member): Convert {
  return scalarWriter(member) ?? cached(writers, member.shape, compileWriter)
}

/** Compiles on first use, which also lets a shape refer to itself. */
function cached(cache: WeakMap<Shape, Convert>, shape: Shape, compile: (shape: Shape) => Convert): Convert {
  const known = cache.get(shape)
  if (known) return known
  let compiled: Convert | undefined
  const lazy: Convert = (value) => {
    compiled ??= compile(shape)
    return compiled(value)
  }
  cache.set(shape, lazy)
  return lazy
}

function scalarReader(member: Member): Convert | undefined {
  switch (member.shape.type) {
    case 'string':
      return (value) => expected(value, 'string', 'a String')
    case 'boolean':
      return (value) => expected(value, 'boolean', 'a Boolean')
    case 'integer':
      return (value) => readInteger(value, 'an Integer')
    case 'long':
      return (value) => readInteger(value, 'a Long')
    case 'float':
    case 'double':
      return readDouble
    case 'blob':
      return (value) => readBase64(expected(value, 'string', 'a Blob') as string, member.name)
    case 'timestamp':
      return readTimestamp
    default:
      return undefined
  }
}

function expected(value: unknown, type: string, target: string): unknown {
  if (typeof value === type) return value
  throw mismatch(value, target)
}

/** AWS: the wording of the services' own JSON parser. */
function mismatch(value: unknown, target: string): MalformedValue {
  if (Array.isArray(value)) return new MalformedValue('Start of list found where not expected')
  if (typeof value === 'object')
    return new MalformedValue('Start of structure or map found where not expected.')
  const token = typeof value === 'boolean' ? String(value).toUpperCase() : (typeof value).toUpperCase()
  return new MalformedValue(`${token}_VALUE can not be converted to ${target}`)
}

function readInteger(value: unknown, target: string): number {
  const number = expected(value, 'number', target) as number
  if (!Number.isInteger(number)) throw new MalformedValue(`NUMBER_VALUE can not be converted to ${target}`)
  return number
}

function readDouble(value: unknown): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return expected(value, 'number', 'a Double') as number
}

function readTimestamp(value: unknown): Date {
  const date = typeof value === 'number' ? new Date(Math.round(value * 1000)) : parseTimestamp(String(value))
  if (date && !Number.isNaN(date.getTime())) return date
  throw new MalformedValue('Unexpected value for a timestamp')
}

function compileReader(shape: Shape): Convert {
  if (shape.data.document) return (value) => value
  if (shape.type === 'list') return listReader(jsonReader(shape.element))
  if (shape.type === 'map') return mapReader(jsonReader(shape.value))
  const fields = shape.members.map((member) => ({ ...member, read: jsonReader(member) }))
  return (value) => {
    const source = expectObject(value)
    const result: Fields = {}
    for (const { name, wireName, read } of fields) {
      const found = source[wireName]
      if (found !== undefined && found !== null) result[name] = read(found)
    }
    return result
  }
}

function listReader(read: Convert): Convert {
  return (value) => {
    if (!Array.isArray(value)) {
      throw typeof value === 'object'
        ? mismatch(value, 'a List')
        : new MalformedValue('Expected list or null')
    }
    return value.map((item) => (item === null ? null : read(item)))
  }
}

function mapReader(read: Convert): Convert {
  return (value) => {
    const result: Fields = {}
    for (const [key, item] of Object.entries(expectObject(value))) {
      if (item !== null) setEntry(result, key, read(item))
    }
    return result
  }
}

function expectObject(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw Array.isArray(value) ? mismatch(value, '') : new MalformedValue('Unexpected field type')
}

function scalarWriter(member: Member): Convert | undefined {
  switch (member.shape.type) {
    case 'blob':
      return toBase64
    case 'timestamp': {
      const format = timestampFormat(member, 'unixTimestamp')
      return (value) => {
        const date = asDate(value, member.name)
        return format === 'unixTimestamp' ? date.getTime() / 1000 : formatTimestamp(date, format)
      }
    }
    case 'float':
    case 'double':
      return (value) => (Number.isFinite(value) ? value : String(value))
    case 'string':
      return String
    case 'integer':
    case 'long':
    case 'boolean':
      return (value) => value
    default:
      return undefined
  }
}

function compileWriter(shape: Shape): Convert {
  if (shape.data.document) return (value) => value
  if (shape.type === 'list') {
    const write = jsonWriter(shape.element)
    return (value) => Array.from(value as Iterable<unknown>, (item) => (item === null ? null : write(item)))
  }
  if (shape.type === 'map') {
    const write = jsonWriter(shape.value)
    return (value) => {
      const result: Fields = {}
      for (const [key, item] of Object.entries(value as Fields)) {
        if (item !== undefined && item !== null) setEntry(result, key, write(item))
      }
      return result
    }
  }
  return structureWriter(shape.members)
}

/** Writes some members of a structure: all of them in a JSON body, those without a location in a REST one. */
export function structureWriter(members: readonly Member[]): (value: unknown) => Fields {
  const fields = members.map((member) => ({ ...member, write: jsonWriter(member) }))
  return (value) => {
    const source = value as Fields
    const result: Fields = {}
    for (const { name, wireName, write } of fields) {
      const found = source[name]
      if (found !== undefined && found !== null) result[wireName] = write(found)
    }
    return result
  }
}
