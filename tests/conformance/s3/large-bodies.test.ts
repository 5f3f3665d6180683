/** Bodies too large for a record: what is hashed and written while they come in is what was sent, or nothing is kept. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'large-bodies'
const key = { Bucket, Key: 'large' }
const MB = 1024 * 1024

const body = (length: number, seed = 1): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 9) * seed + seed) & 255))
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
const etag = (bytes: Uint8Array) => `"${md5(bytes).toString('hex')}"`
const put = (Body: Uint8Array, more: object = {}) => s3.send(new PutObjectCommand({ ...key, Body, ...more }))
const get = async (more: object = {}) => {
  const { Body, ...answer } = await s3.send(new GetObjectCommand({ ...key, ...more }))
  return { ...answer, bytes: Buffer.from(await Body!.transformToByteArray()) }
}
const files = () =>
  readdirSync(join(test.cloud.folder, 'objects'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  )

beforeAll(() => s3.send(new CreateBucketCommand({ Bucket })))
beforeEach(() => s3.send(new DeleteObjectCommand(key)))

it.each([MB / 2 - 1, MB / 2, MB / 2 + 1, 5 * MB + 3])(
  'tags %i bytes with their MD5 and keeps their checksum',
  async (size) => {
    const sent = body(size)
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA256'] as const) {
      const answer = await put(sent, { ChecksumAlgorithm })
      expect(answer.ETag).toBe(etag(sent))
      const got = await get({ ChecksumMode: 'ENABLED' })
      expect(got.bytes.equals(sent)).toBe(true)
      const member = `Checksum${ChecksumAlgorithm}` as const
      expect(got[member]).toBe(answer[member])
      expect(got[member]).toBeDefined()
    }
    expect(files()).toHaveLength(1)
  },
)

it('shows a checksum only to who asks for it', async () => {
  await put(body(MB), { ChecksumAlgorithm: 'CRC32' })
  const silent = test.client(S3Client, { responseChecksumValidation: 'WHEN_REQUIRED' })
  const { ChecksumCRC32, ChecksumType } = await silent.send(new GetObjectCommand(key))
  expect([ChecksumCRC32, ChecksumType]).toEqual([undefined, undefined])
  expect((await get()).ChecksumCRC32).toBeDefined()
})

it('refuses a body that is not what its digest says, and keeps nothing of it', async () => {
  const sent = body(3 * MB)
  const ContentMD5 = md5(body(3 * MB, 2)).toString('base64')
  await expect(put(sent, { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' })
  await expect(put(sent, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' })
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' })
  await vi.waitFor(() => expect(files()).toEqual([]))
  expect((await put(sent, { ContentMD5: md5(sent).toString('base64') })).ETag).toBe(etag(sent))
})

it('lets the last of many puts of one key win, whole', async () => {
  const bodies = [1, 2, 3, 4, 5, 6].map((seed) => body(2 * MB + seed, seed))
  const answers = await Promise.all(bodies.map((sent) => put(sent)))
  expect(answers.map(({ ETag }) => ETag)).toEqual(bodies.map(etag))
  const got = await get()
  expect(got.ETag).toBe(etag(got.bytes))
  expect(bodies.some((sent) => sent.equals(got.bytes))).toBe(true)
  await vi.waitFor(() => expect(files()).toHaveLength(1))
})

it('keeps nothing of an upload that breaks off, and hashes others beside it rightly', async () => {
  const url = await getSignedUrl(s3, new PutObjectCommand(key))
  const broken = new Promise<void>((resolve) => {
    const upload = request(url, { method: 'PUT', headers: { 'content-length': 20 * MB } })
    upload.on('error', () => resolve())
    upload.write(body(3 * MB, 8), () => upload.destroy(new Error('gone')))
  })
  const beside = body(3 * MB, 9)
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'beside', Body: beside }))
  await broken
  expect(ETag).toBe(etag(beside))
  await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' })
  await vi.waitFor(() => expect(files()).toHaveLength(1))
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'beside' }))
})

it.each([
  [0, 0],
  [MB / 2 - 2, MB / 2 + 2],
  [MB, 3 * MB - 1],
])('reads from byte %i to byte %i', async (first, last) => {
  const sent = body(3 * MB)
  for (const ServerSideEncryption of ['AES256', 'aws:kms'] as const) {
    await put(sent, { ServerSideEncryption })
    const { bytes, ContentRange } = await get({ Range: `bytes=${first}-${last}` })
    expect(bytes.equals(sent.subarray(first, last + 1))).toBe(true)
    expect(ContentRange).toBe(`bytes ${first}-${last}/${sent.length}`)
  }
})
