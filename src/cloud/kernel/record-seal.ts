/** How records are written to disk: packed, and sealed with a key made from the cloud's own, so that no secret lies in clear. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { Packr } from 'msgpackr'
import { randomBytes } from '../machine/random-bytes.ts'

/** A byte that no packed record begins with (MessagePack: never used); records of earlier versions have none. */
const SEALED = 0xc1
const NONCE = 12
const TAG = 16

export class RecordSeal {
  private readonly key: Buffer
  private readonly packr = new Packr({ copyBuffers: true })

  /** `key` is the cloud's sealing key, kept with its data. */
  constructor(key: Uint8Array) {
    this.key = Buffer.from(hkdfSync('sha256', key, '', 'crossdock records', 32))
  }

  /** Gives the bytes for disk; `name` is what the record is stored under, and it opens under no other. */
  seal(name: string, record: unknown): Buffer {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce)
    cipher.setAAD(Buffer.from(name))
    const sealed = cipher.update(this.packr.pack(record))
    return Buffer.concat([Buffer.of(SEALED), nonce, sealed, cipher.final(), cipher.getAuthTag()])
  }

  static isSealed(bytes: Uint8Array): boolean {
    return bytes[0] === SEALED
  }

  /** Gives the record. Errors: the bytes were sealed with another key, or for another name. */
  open(name: string, bytes: Uint8Array): unknown {
    if (!RecordSeal.isSealed(bytes)) return this.packr.unpack(bytes)
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(1, 1 + NONCE))
    decipher.setAAD(Buffer.from(name))
    decipher.setAuthTag(bytes.subarray(-TAG))
    try {
      const packed = [decipher.update(bytes.subarray(1 + NONCE, -TAG)), decipher.final()]
      return this.packr.unpack(Buffer.concat(packed))
    } catch (cause) {
      throw new Error('a record of the state was sealed with another key, or has been changed', { cause })
    }
  }
}
