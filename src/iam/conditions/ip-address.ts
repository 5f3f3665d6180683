/** IpAddress and NotIpAddress: single addresses and CIDR ranges, versions 4 and 6. */
import { isIPv4, isIPv6 } from 'node:net'
import { matchesNothing, type ValueTest, withNegation } from './operator.ts'

/** An address as its bytes: 4 or 16 of them. */
function addressBytes(text: string): number[] | undefined {
  if (isIPv4(text)) return text.split('.').map(Number)
  return isIPv6(text) ? v6Bytes(text) : undefined
}

function v6Bytes(text: string): number[] {
  const [head = '', tail] = text.split('%')[0]!.split('::')
  const left = groupBytes(head)
  if (tail === undefined) return left
  const right = groupBytes(tail)
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right]
}

function groupBytes(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

interface AddressRange {
  readonly bytes: readonly number[]
  /** Length of the fixed prefix in bits. */
  readonly prefix: number
}

/** Gives a CIDR range, or undefined for what is none. AWS: without a prefix one address is meant. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', prefix, ...rest] = text.trim().split('/')
  const bytes = addressBytes(address)
  if (!bytes || rest.length) return undefined
  const most = bytes.length * 8
  if (prefix === undefined) return { bytes, prefix: most }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most ? { bytes, prefix: Number(prefix) } : undefined
}

function contains(range: AddressRange, bytes: readonly number[]): boolean {
  if (bytes.length !== range.bytes.length) return false
  return range.bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, range.prefix - index * 8))
    const mask = (0xff << (8 - bits)) & 0xff
    return (byte & mask) === (bytes[index]! & mask)
  })
}

function within(wanted: string): ValueTest {
  const range = parseRange(wanted)
  if (!range) return matchesNothing
  return (actual) => {
    const bytes = addressBytes(actual)
    return bytes !== undefined && contains(range, bytes)
  }
}

export const ipAddressOperators = withNegation('IpAddress', 'NotIpAddress', within)
