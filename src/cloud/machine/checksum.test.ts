import { expect, test, vi } from 'vitest'
import { type ChecksumAlgorithm, createChecksum } from './checksum.ts'

const check = Buffer.from('123456789')

test.each<[ChecksumAlgorithm, string]>([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ['MD5', '25f9e794323b453885f5181f1b624d0b'],
])('%s has its published check value, in one piece and in many', (algorithm, expected) => {
  const whole = createChecksum(algorithm)
  whole.update(check)
  expect(whole.digest().toString('hex')).toBe(expected)
  const pieces = createChecksum(algorithm)
  for (const byte of check) pieces.update(Uint8Array.of(byte))
  expect(pieces.digest().toString('hex')).toBe(expected)
})

test.each<[ChecksumAlgorithm, string]>([
  ['CRC32', '00000000'],
  ['CRC32C', '00000000'],
  ['CRC64NVME', '0000000000000000'],
])('%s of nothing is zero', (algorithm, expected) => {
  expect(createChecksum(algorithm).digest().toString('hex')).toBe(expected)
})

test('CRC32 needs no help from Node', async () => {
  vi.resetModules()
  vi.doMock('node:zlib', () => ({ default: {} }))
  const { createChecksum: create } = await import('./checksum.ts')
  vi.doUnmock('node:zlib')
  const checksum = create('CRC32')
  checksum.update(check)
  expect(checksum.digest().toString('hex')).toBe('cbf43926')
})
