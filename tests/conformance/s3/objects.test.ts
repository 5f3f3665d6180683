/** S3 objects through the SDK client: put, get, head, delete, conditions, ranges, metadata. */

import { Readable } from 'node:stream'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'objects-test'

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
})

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }))
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString()

describe('PutObject and GetObject', () => {
  it('gives back what was put, with MD5 as the entity tag', async () => {
    const { ETag } = await put('hello.txt', 'hello', {
      ContentType: 'text/plain',
      Metadata: { Color: 'blue' },
    })
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
    const got = await get('hello.txt')
    expect(await got.Body!.transformToString()).toBe('hello')
    expect(got).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      ETag,
      AcceptRanges: 'bytes',
      ServerSideEncryption: 'AES256',
      Metadata: { color: 'blue' },
    })
    expect(got.VersionId).toBeUndefined()
  })

  it('keeps the headers that belong to an object, and answers with others on request', async () => {
    const headers = {
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentEncoding: 'identity',
      ContentLanguage: 'en',
      Expires: new Date('2030-01-01T00:00:00Z'),
      WebsiteRedirectLocation: '/elsewhere',
      StorageClass: 'STANDARD_IA' as const,
    }
    await put('headers', 'x', headers)
    const { Expires, ...rest } = headers
    const got = await get('headers', { ResponseContentType: 'text/csv' })
    expect(got).toMatchObject({ ...rest, ContentType: 'text/csv' })
    expect(got.ExpiresString).toBe(Expires.toUTCString())
    await expect(put('fat', 'x', { Metadata: { a: 'b'.repeat(2048) } })).rejects.toMatchObject({
      name: 'MetadataTooLarge',
    })
    const plain = await fetch(`${test.cloud.endpoint}/${Bucket}/headers`)
    expect([plain.status, await plain.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ])
  })

  it('keeps an empty object', async () => {
    await put('empty', '')
    expect(await text('empty')).toBe('')
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'empty' }))).ContentLength).toBe(0)
  })

  it('streams large bodies both ways', async () => {
    const size = 3_000_001
    const content = Buffer.alloc(size, 'abcdefghij')
    const stream = Readable.from([content.subarray(0, 1_000_000), content.subarray(1_000_000)])
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: stream, ContentLength: size }))
    expect(Buffer.from(await (await get('large')).Body!.transformToByteArray()).equals(content)).toBe(true)
    expect(await text('large', { Range: 'bytes=999999-1000004' })).toBe('jabcde')
    expect(await text('large', { Range: 'bytes=-3' })).toBe('ija')
  })

  it('answers ranges with 206 and refuses those beyond the end', async () => {
    await put('range', '0123456789')
    const got = await get('range', { Range: 'bytes=2-4' })
    expect(got.$metadata.httpStatusCode).toBe(206)
    expect(got).toMatchObject({ ContentRange: 'bytes 2-4/10', ContentLength: 3 })
    expect(await got.Body!.transformToString()).toBe('234')
    expect(await text('range', { Range: 'bytes=7-' })).toBe('789')
    expect(await text('range', { Range: 'lines=1-2' })).toBe('0123456789')
    await expect(get('range', { Range: 'bytes=10-12' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    })
  })

  it('knows keys of every shape', async () => {
    const keys = ['a b+c%20d', 'dir/', '/leading', 'ünï/😀', '..', 'a//b', "it's(1)!*~", 'x?y=1&z#f']
    for (const key of keys) await put(key, key)
    for (const key of keys) expect(await text(key)).toBe(key)
    await expect(put('k'.repeat(1025), '')).rejects.toMatchObject({ name: 'KeyTooLongError' })
    await put('k'.repeat(1024), 'long')
    expect(await text('k'.repeat(1024))).toBe('long')
  })

  it('tells NoSuchKey and NoSuchBucket', async () => {
    await expect(get('missing')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' })
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket-here', Key: 'k' })),
    ).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    })
  })
})

describe('conditional requests', () => {
  it('reads by entity tag and time', async () => {
    const { ETag } = await put('cond', 'v1')
    expect(await text('cond', { IfMatch: ETag })).toBe('v1')
    await expect(get('cond', { IfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(get('cond', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    })
    await expect(get('cond', { IfModifiedSince: new Date(Date.now() + 60_000) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    })
    await expect(get('cond', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    expect(await text('cond', { IfMatch: ETag, IfUnmodifiedSince: new Date(0) })).toBe('v1')
  })

  it('writes only over what it expects', async () => {
    await put('once', 'first', { IfNoneMatch: '*' })
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'once' }))
    await put('once', 'third', { IfMatch: ETag })
    await expect(put('once', 'fourth', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(put('never', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(await text('once')).toBe('third')
  })
})

it('a presigned PUT writes only what is not there, where If-None-Match was signed', async () => {
  await put('signed', 'first')
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'signed', IfNoneMatch: '*' }))
  const sent = (headers: Record<string, string>) => fetch(url, { method: 'PUT', body: 'second', headers })
  expect((await sent({ 'if-none-match': '*' })).status).toBe(412)
  expect((await sent({})).status).toBe(403)
  expect(await text('signed')).toBe('first')
})

describe('DeleteObject', () => {
  it('removes the object and does not mind one that is gone', async () => {
    await put('gone', 'x')
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
    await expect(get('gone')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('deletes many at once', async () => {
    await put('many/1', 'x')
    await put('many/2', 'x')
    const answer = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'many/1' }, { Key: 'many/2' }] } }),
    )
    expect(answer.Deleted).toEqual([{ Key: 'many/1' }, { Key: 'many/2' }])
    expect(answer.Errors ?? []).toEqual([])
    await expect(get('many/1')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('checksums', () => {
  it('keeps what the client computed and gives it on request', async () => {
    await put('sum', 'hello', { ChecksumAlgorithm: 'SHA256' })
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({
      ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
      ChecksumType: 'FULL_OBJECT',
    })
    await expect(put('sum', 'other', { ChecksumSHA256: head.ChecksumSHA256 })).rejects.toMatchObject({
      name: 'BadDigest',
    })
    expect(await text('sum')).toBe('hello')
  })
})

describe('what is not supported', () => {
  it('is refused by name', async () => {
    await expect(put('lock', 'x', { ObjectLockLegalHoldStatus: 'ON' })).rejects.toThrow(
      'ObjectLockLegalHoldStatus',
    )
    await expect(put('cold', 'x', { StorageClass: 'DEEP_ARCHIVE' })).rejects.toThrow('DEEP_ARCHIVE')
  })
})
