import { describe, expect, it } from 'vitest'
import { AwsError } from '../../../../model/index.ts'
import type { KeyRecord } from '../state.ts'
import { decrypt, encrypt, openCiphertext } from './cipher.ts'
import { newMaterial } from './new-key.ts'

const keyOf = (id: string, material: string[]): KeyRecord =>
  ({ arn: `arn:aws:kms:us-east-1:111111111111:key/${id}`, material }) as unknown as KeyRecord

const code = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof AwsError ? error.code : 'bug'
  }
  return 'none'
}

describe('a ciphertext', () => {
  const key = keyOf('a', [newMaterial()])
  const plaintext = Buffer.from('attack at dawn')

  it('names its key and never looks the same twice', () => {
    const one = encrypt(key, plaintext, undefined)
    expect(openCiphertext(one).keyArn).toBe(key.arn)
    expect(one.equals(encrypt(key, plaintext, undefined))).toBe(false)
    expect(one.includes(plaintext)).toBe(false)
  })

  it('opens under material that was rotated away', () => {
    const old = encrypt(key, plaintext, { a: '1' })
    const rotated = keyOf('a', [...key.material, newMaterial()])
    expect(decrypt(rotated, openCiphertext(old), { a: '1' })).toEqual(plaintext)
    const fresh = openCiphertext(encrypt(rotated, plaintext, undefined))
    expect(fresh.material).toBe(1)
    expect(code(() => decrypt(key, fresh, undefined))).toBe('InvalidCiphertextException')
  })

  it('treats no context and an empty one alike, and any other as wrong', () => {
    const sealed = openCiphertext(encrypt(key, plaintext, {}))
    expect(decrypt(key, sealed, undefined)).toEqual(plaintext)
    expect(code(() => decrypt(key, sealed, { a: '' }))).toBe('InvalidCiphertextException')
  })

  it('is refused when any bit of it was changed', () => {
    const blob = encrypt(key, plaintext, { a: '1' })
    for (let at = 0; at < blob.length; at++) {
      const damaged = Buffer.from(blob)
      damaged[at]! ^= 1
      const open = () => {
        const parts = openCiphertext(damaged)
        if (parts.keyArn !== key.arn) throw new AwsError('InvalidCiphertextException', '')
        return decrypt(key, parts, { a: '1' })
      }
      expect(code(open)).toBe('InvalidCiphertextException')
    }
  })

  it.each([0, 1, 3, 40])('is refused when only %i bytes are there', (length) => {
    const blob = encrypt(key, plaintext, undefined)
    expect(code(() => openCiphertext(blob.subarray(0, length)))).toBe('InvalidCiphertextException')
  })
})
