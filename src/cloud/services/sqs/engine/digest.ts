/** MD5 digests of what was sent, by which clients see that it came as they sent it. */
import { createHash } from 'node:crypto'
import type { Attributes } from '../state.ts'

export const digestOf = (text: string): string => createHash('md5').update(text).digest('hex')

/**
 * AWS: name, type and value of each attribute in the order of names, each behind its length; before the value a byte that
 * says whether it is text or bytes (Calculating the MD5 message digest for message attributes).
 */
export function digestOfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort()
  if (!names.length) return undefined
  const hash = createHash('md5')
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!
    add(Buffer.from(name))
    add(Buffer.from(DataType))
    const isText = StringValue !== undefined
    hash.update(Buffer.from([isText ? 1 : 2]))
    add(isText ? Buffer.from(StringValue) : Buffer.from(BinaryValue ?? []))
  }
  return hash.digest('hex')
}

/** Bytes that attributes count for. */
export const sizeOfAttributes = (attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.length ?? 0),
    0,
  )
