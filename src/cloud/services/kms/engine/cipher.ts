/** Encryption under a key: AES-256-GCM, the encryption context authenticated, the key named in the ciphertext. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Arn, AwsError, entryOf } from '../../../../model/index.ts'
import { exactBytes } from '../../../machine/exact-bytes.ts'
import { randomBytes } from '../../../machine/random-bytes.ts'

import type { KeyRecord } from '../state.ts'
import type { EncryptionContext } from './key-access.ts'

const VERSION = 1
const NONCE = 12
const TAG = 16
/** Version, length of the ARN, and two bytes for the number of the material. */
const HEADER = 4

/** A ciphertext taken apart, not yet decrypted. */
export interface Ciphertext {
  readonly keyArn: Arn
  readonly material: number
  readonly sealed: Uint8Array
}

const materialBytes = new WeakMap<KeyRecord, Buffer[]>()

function materialOf(key: KeyRecord, index: number): Buffer | undefined {
  const known = materialBytes.get(key)
  if (known) return known[index]
  const bytes = key.material.map((text) => Buffer.from(text, 'base64'))
  materialBytes.set(key, bytes)
  return bytes[index]
}

/** Gives the ciphertext blob of a plaintext. */
export function encrypt(
  key: KeyRecord,
  plaintext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer {
  const arn = Buffer.from(key.arn)
  const index = key.material.length - 1
  const head = Buffer.from([VERSION, arn.length, index >> 8, index & 255])
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', materialOf(key, index)!, nonce)
  cipher.setAAD(authenticated(key.arn, context))
  // Others keep it in their records.
  return exactBytes(head, arn, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
}

/** Gives the parts of a ciphertext blob. Errors: InvalidCiphertextException. */
export function openCiphertext(blob: Uint8Array): Ciphertext {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength)
  const end = HEADER + (bytes[1] ?? 0)
  if (bytes[0] !== VERSION || bytes.length < end + NONCE + TAG) throw invalidCiphertext()
  return {
    keyArn: bytes.toString('utf8', HEADER, end),
    material: bytes.readUInt16BE(2),
    sealed: bytes.subarray(end),
  }
}

/**
 * Gives the plaintext.
 * AWS: the encryption context must be the one that was given for encryption, letter by letter.
 * Errors: InvalidCiphertextException.
 */
export function decrypt(
  key: KeyRecord,
  { material, sealed }: Ciphertext,
  context: EncryptionContext | undefined,
): Buffer {
  const bytes = materialOf(key, material)
  if (!bytes) throw invalidCiphertext()
  const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.subarray(0, NONCE))
  decipher.setAAD(authenticated(key.arn, context))
  decipher.setAuthTag(sealed.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
  } catch {
    throw invalidCiphertext()
  }
}

function authenticated(keyArn: Arn, context: EncryptionContext = {}): Buffer {
  const pairs = Object.keys(context)
    .sort()
    .map((name) => [name, entryOf(context, name)])
  return Buffer.from(JSON.stringify([keyArn, pairs]))
}

/** AWS: the error carries no message. */
const invalidCiphertext = () => new AwsError('InvalidCiphertextException', '')
