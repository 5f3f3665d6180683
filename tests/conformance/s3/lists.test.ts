/** S3 object lists through the SDK client: order, prefixes, delimiters, pages, markers, encoding. */
import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'listed-bucket'
const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/1', '\u{10000}', '\uffee', 'Z']

const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
  s3.send(new ListObjectsV2Command({ Bucket, ...more }))
const keysOf = (answer: { Contents?: { Key?: string }[] }) => (answer.Contents ?? []).map((one) => one.Key)
const prefixesOf = (answer: { CommonPrefixes?: { Prefix?: string }[] }) =>
  (answer.CommonPrefixes ?? []).map((one) => one.Prefix)

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
  for (const Key of KEYS) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
})

describe('ListObjectsV2', () => {
  it('lists in the order of UTF-8 bytes', async () => {
    const answer = await list()
    const expected = [...KEYS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(keysOf(answer)).toEqual(expected)
    expect(answer).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000, Name: Bucket })
    expect(answer.Contents![1]).toMatchObject({ Size: 1, StorageClass: 'STANDARD' })
    expect(answer.Contents![1]!.Owner).toBeUndefined()
    expect((await list({ FetchOwner: true })).Contents![0]!.Owner?.ID).toMatch(/^[0-9a-f]{64}$/)
  })

  it('rolls up what lies behind a delimiter', async () => {
    const top = await list({ Delimiter: '/' })
    expect(keysOf(top)).toEqual(['Z', 'a', 'd', '\uffee', '\u{10000}'])
    expect(prefixesOf(top)).toEqual(['b/', 'e/'])
    const inner = await list({ Delimiter: '/', Prefix: 'b/' })
    expect([keysOf(inner), prefixesOf(inner)]).toEqual([['b/1', 'b/2'], ['b/c/']])
    expect(prefixesOf(await list({ Delimiter: '/', Prefix: 'b' }))).toEqual(['b/'])
    expect((await list({ Prefix: 'none' })).KeyCount).toBe(0)
  })

  it.each([undefined, '/'])('gives every entry once over pages, delimiter %s', async (Delimiter) => {
    const whole = await list({ Delimiter })
    const keys: unknown[] = []
    const prefixes: unknown[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await list({ Delimiter, MaxKeys: 1, ContinuationToken })
      expect(page.KeyCount).toBe(1)
      keys.push(...keysOf(page))
      prefixes.push(...prefixesOf(page))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
    expect(keys).toEqual(keysOf(whole))
    expect(prefixes).toEqual(prefixesOf(whole))
  })

  it('starts after a key, and refuses a token of another query', async () => {
    expect(keysOf(await list({ StartAfter: 'b/2', MaxKeys: 2 }))).toEqual(['b/c/3', 'd'])
    const { NextContinuationToken: token } = await list({ MaxKeys: 1 })
    await expect(list({ Prefix: 'b', ContinuationToken: token })).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' })
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false })
  })

  it('encodes keys on request', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'x y/ü+', Body: '' }))
    expect(keysOf(await list({ Prefix: 'x', EncodingType: 'url' }))).toEqual(['x%20y/%C3%BC%2B'])
  })
})

describe('ListObjects', () => {
  it('goes on behind its marker, also a common prefix', async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 3 }))
    expect([keysOf(first), prefixesOf(first)]).toEqual([['Z', 'a'], ['b/']])
    expect(first.NextMarker).toBe('b/')
    const next = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'b/', MaxKeys: 2 }))
    expect([keysOf(next), prefixesOf(next)]).toEqual([['d'], ['e/']])
    expect(next.Contents![0]!.Owner?.ID).toBeDefined()
  })
})
