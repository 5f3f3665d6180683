/** The checksums that S3 clients send along, computed piece by piece. */
import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import { Crc64Nvme } from './crc64.ts'

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'SHA512' | 'MD5'

/** A checksum over bytes that come in pieces. */
export interface Checksum {
  update(bytes: Uint8Array): void
  /** The bytes that a client sends base64-encoded; big-endian for the CRCs. */
  digest(): Buffer
}

export const checksumAlgorithms: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'SHA512',
  'MD5',
]

/** Starts a checksum. */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32(nativeCrc32 ?? ((bytes, crc) => tableCrc(crc32Table(), bytes, crc)))
    case 'CRC32C':
      return new Crc32((bytes, crc) => tableCrc(crc32cTable(), bytes, crc))
    case 'CRC64NVME':
      return new Crc64Nvme()
    default:
      return hashChecksum(algorithm.toLowerCase())
  }
}

function hashChecksum(name: string): Checksum {
  const hash = createHash(name)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

type UpdateCrc = (bytes: Uint8Array, crc: number) => number

/** Node has it since 20.15 and 22.2. */
const nativeCrc32 = 'crc32' in zlib ? (zlib.crc32 as UpdateCrc) : undefined

class Crc32 implements Checksum {
  private crc = 0
  private readonly next: UpdateCrc

  constructor(next: UpdateCrc) {
    this.next = next
  }

  update(bytes: Uint8Array): void {
    this.crc = this.next(bytes, this.crc) >>> 0
  }

  digest(): Buffer {
    const digest = Buffer.alloc(4)
    digest.writeUInt32BE(this.crc)
    return digest
  }
}

let castagnoli: Uint32Array | undefined
let ieee: Uint32Array | undefined

function crc32cTable(): Uint32Array {
  castagnoli ??= slicingTable(0x82f63b78)
  return castagnoli
}

function crc32Table(): Uint32Array {
  ieee ??= slicingTable(0xedb88320)
  return ieee
}

/** Four tables of 256 entries, one behind the other: four bytes are taken in one step. */
function slicingTable(polynomial: number): Uint32Array {
  const table = new Uint32Array(1024)
  for (let index = 0; index < 256; index++) {
    let crc = index
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[index] = crc
  }
  for (let index = 256; index < 1024; index++) {
    const previous = table[index - 256]!
    table[index] = (previous >>> 8) ^ table[previous & 0xff]!
  }
  return table
}

/** Goes on with a reflected 32-bit CRC. */
function tableCrc(table: Uint32Array, bytes: Uint8Array, start: number): number {
  let crc = ~start
  let at = 0
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc =
      table[768 + (crc & 0xff)]! ^
      table[512 + ((crc >>> 8) & 0xff)]! ^
      table[256 + ((crc >>> 16) & 0xff)]! ^
      table[crc >>> 24]!
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}
