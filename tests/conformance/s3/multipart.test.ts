/** S3 uploads in parts and copies through the SDK client. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'multipart-bucket'
const MiB = 1024 * 1024
const five = Buffer.alloc(5 * MiB, '0123456789')

const begin = async (Key: string, more: object = {}) =>
  (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId!
const part = (
  Key: string,
  UploadId: string,
  PartNumber: number,
  Body: string | Uint8Array,
  more: object = {},
) => s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }))
const complete = (Key: string, UploadId: string, Parts: object[], more: object = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }))
const bytes = async (Key: string, more: object = {}) =>
  Buffer.from(
    await (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToByteArray(),
  )

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
})

describe('uploads in parts', () => {
  it('make one object with a composed entity tag', async () => {
    const id = await begin('big', { ContentType: 'text/plain', ChecksumAlgorithm: 'SHA256' })
    const first = await part('big', id, 1, five, { ChecksumAlgorithm: 'SHA256' })
    const second = await part('big', id, 2, 'tail', { ChecksumAlgorithm: 'SHA256' })
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId: id }))
    expect(listed.Parts?.map((one) => [one.PartNumber, one.Size])).toEqual([
      [1, five.length],
      [2, 4],
    ])
    const done = await complete('big', id, [
      { PartNumber: 1, ETag: first.ETag, ChecksumSHA256: first.ChecksumSHA256 },
      { PartNumber: 2, ETag: second.ETag, ChecksumSHA256: second.ChecksumSHA256 },
    ])
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
    expect(done.ChecksumSHA256).toMatch(/-2$/)
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'big', PartNumber: 2 }))
    expect(head).toMatchObject({ PartsCount: 2, ContentLength: 4, ContentType: 'text/plain' })
    expect((await bytes('big')).equals(Buffer.concat([five, Buffer.from('tail')]))).toBe(true)
    const across = `bytes=${five.length - 2}-${five.length + 1}`
    expect((await bytes('big', { Range: across })).toString()).toBe('89ta')
    const attributes = await s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'big',
        ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'Checksum'],
      }),
    )
    expect(attributes).toMatchObject({
      ObjectSize: five.length + 4,
      ObjectParts: { TotalPartsCount: 2, Parts: [{ PartNumber: 1 }, { PartNumber: 2 }] },
      Checksum: { ChecksumType: 'COMPOSITE' },
    })
  })

  it('answer the same when they are completed once more, as a client does that lost the answer', async () => {
    const id = await begin('twice')
    const { ETag } = await part('twice', id, 1, 'all')
    const { $metadata: _, ...first } = await complete('twice', id, [{ PartNumber: 1, ETag }])
    expect(await complete('twice', id, [{ PartNumber: 1, ETag }], { IfNoneMatch: '*' })).toMatchObject(first)
    await expect(complete('twice', id, [{ PartNumber: 2, ETag }])).rejects.toMatchObject({
      name: 'NoSuchUpload',
    })
    await expect(complete('other', id, [{ PartNumber: 1, ETag }])).rejects.toMatchObject({
      name: 'NoSuchUpload',
    })
  })

  it('check parts, their order and their size', async () => {
    const id = await begin('wrong')
    const a = await part('wrong', id, 1, 'small')
    const b = await part('wrong', id, 2, 'small too')
    const parts = [
      { PartNumber: 1, ETag: a.ETag },
      { PartNumber: 2, ETag: b.ETag },
    ]
    await expect(complete('wrong', id, parts)).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete('wrong', id, [...parts].reverse())).rejects.toMatchObject({
      name: 'InvalidPartOrder',
    })
    await expect(complete('wrong', id, [{ PartNumber: 1, ETag: '"0"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    })
    await expect(complete('wrong', id, [])).rejects.toMatchObject({ name: 'MalformedXML' })
    await expect(part('wrong', id, 10_001, 'x')).rejects.toMatchObject({ name: 'InvalidArgument' })
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(uploads.Uploads?.map((one) => one.Key)).toEqual(['wrong'])
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'wrong', UploadId: id }))
    await expect(part('wrong', id, 1, 'x')).rejects.toMatchObject({ name: 'NoSuchUpload' })
    await expect(complete('wrong', id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  it('work through the SDK upload helper, with a checksum over the whole', async () => {
    const Body = Buffer.concat([five, five, Buffer.from('end')])
    await new Upload({ client: s3, params: { Bucket, Key: 'helper', Body } }).done()
    expect((await bytes('helper')).equals(Body)).toBe(true)
    const id = await begin('full', { ChecksumAlgorithm: 'CRC64NVME' })
    const only = await part('full', id, 1, '123456789', { ChecksumAlgorithm: 'CRC64NVME' })
    const done = await complete('full', id, [{ PartNumber: 1, ETag: only.ETag }])
    expect(done).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=', ChecksumType: 'FULL_OBJECT' })
  })

  it('copy ranges of objects into parts', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'hello world' }))
    const id = await begin('copied')
    const from = (CopySourceRange: string) =>
      s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: 'copied',
          UploadId: id,
          PartNumber: 1,
          CopySource: `${Bucket}/source`,
          CopySourceRange,
        }),
      )
    await expect(from('bytes=0-99')).rejects.toMatchObject({ name: 'InvalidArgument' })
    const { CopyPartResult } = await from('bytes=6-10')
    await complete('copied', id, [{ PartNumber: 1, ETag: CopyPartResult!.ETag }])
    expect((await bytes('copied')).toString()).toBe('world')
  })
})

describe('CopyObject', () => {
  const copy = (Key: string, more: object = {}) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/or%20iginal`, ...more }))

  beforeAll(async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'or iginal',
        Body: 'body',
        ContentType: 'text/css',
        Metadata: { a: '1' },
        Tagging: 'k=v',
      }),
    )
  })

  it('takes metadata and tags along, or replaces them', async () => {
    const { CopyObjectResult } = await copy('copy-1')
    expect(CopyObjectResult?.ETag).toBe('"841a2d689ad86bd1611447453c22c6fc"')
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy-1' }))
    expect(head).toMatchObject({ ContentType: 'text/css', Metadata: { a: '1' } })
    const tags = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'copy-1' }))
    expect(tags.TagSet).toEqual([{ Key: 'k', Value: 'v' }])
    await copy('copy-2', {
      MetadataDirective: 'REPLACE',
      ContentType: 'text/html',
      TaggingDirective: 'REPLACE',
      Tagging: 'x=y',
    })
    const replaced = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy-2' }))
    expect(replaced).toMatchObject({ ContentType: 'text/html', Metadata: {} })
    const newTags = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'copy-2' }))
    expect(newTags.TagSet).toEqual([{ Key: 'x', Value: 'y' }])
  })

  it('minds conditions on the source, and refuses to change nothing', async () => {
    await expect(copy('c', { CopySourceIfMatch: '"0"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(
      copy('c', { CopySourceIfNoneMatch: '"841a2d689ad86bd1611447453c22c6fc"' }),
    ).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
    await expect(copy('or iginal')).rejects.toMatchObject({ name: 'InvalidRequest' })
    await copy('or iginal', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } })
    await expect(copy('c', { CopySource: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidArgument' })
    await expect(copy('c', { CopySource: `${Bucket}/missing` })).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('object tagging', () => {
  it('is checked', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: '' }))
    const tag = (TagSet: { Key: string; Value: string }[]) =>
      s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }))
    await tag([{ Key: 'a', Value: '1' }])
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'tagged' }))).toMatchObject({ TagCount: 1 })
    await expect(
      tag([
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ]),
    ).rejects.toMatchObject({ name: 'InvalidTag' })
    await expect(
      tag(Array.from({ length: 11 }, (_, i) => ({ Key: `${i}`, Value: '' }))),
    ).rejects.toMatchObject({
      name: 'BadRequest',
    })
  })
})
