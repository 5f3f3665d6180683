/** S3 over restarts and failures: what was acknowledged stays, what was not leaves nothing behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, expect, it } from 'vitest'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { HUB, startTestCloud } from '../cloud.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-s3-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const Bucket = 'durable-bucket'

const connect = (cloud: Cloud) =>
  new S3Client({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
  })
const bodyFiles = (data: string) =>
  readdirSync(join(data, 'objects'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())

it('keeps versions, their order and their bodies, encrypted ones too', async () => {
  const first = await startCloud({ data: folder })
  let s3 = connect(first)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const large = 'large '.repeat(20_000)
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one', Metadata: { a: 'b' } }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'two', ServerSideEncryption: 'aws:kms' }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: large, ServerSideEncryption: 'aws:kms' }))
  const before = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  s3.destroy()
  await first.stop()

  mkdirSync(join(folder, 'objects/zz'), { recursive: true })
  writeFileSync(join(folder, 'objects/zz/zzorphan'), 'left by a crash')
  const second = await startCloud({ data: folder })
  await second.settled()
  s3 = connect(second)
  const after = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  expect(after.Versions).toEqual(before.Versions)
  const text = async (Key: string, VersionId?: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body!.transformToString()
  expect(await text('k')).toBe('two')
  expect(await text('k', before.Versions![1]!.VersionId)).toBe('one')
  expect(await text('large')).toBe(large)
  expect(bodyFiles(folder)).toHaveLength(1)
  const { VersionId } = before.Versions!.find((one) => one.Key === 'large')!
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'large', VersionId }))
  await second.settled()
  expect(bodyFiles(folder)).toHaveLength(0)
  s3.destroy()
  await second.stop()
})

it('leaves no file of an upload that broke off, and lets a reader finish what is deleted', async () => {
  const test = await startTestCloud()
  const s3 = test.client(S3Client)
  const key = { Bucket: 'breaking-bucket', Key: 'k' }
  await s3.send(new CreateBucketCommand({ Bucket: key.Bucket }))
  const url = await getSignedUrl(s3, new PutObjectCommand(key))
  await new Promise<void>((resolve) => {
    const upload = request(url, { method: 'PUT', headers: { 'content-length': 10_000_000 } })
    upload.on('error', () => resolve())
    upload.write(Buffer.alloc(2_000_000), () => upload.destroy(new Error('gone')))
  })
  await expect(s3.send(new GetObjectCommand(key))).rejects.toMatchObject({ name: 'NoSuchKey' })

  const Body = Buffer.alloc(8_000_000, 'still here ')
  await s3.send(new PutObjectCommand({ ...key, Body }))
  const reading = await s3.send(new GetObjectCommand(key))
  await s3.send(new DeleteObjectCommand(key))
  const got = Buffer.from(await reading.Body!.transformToByteArray())
  expect(got.equals(Body)).toBe(true)
  await test.cloud.settled()
  await expect.poll(() => bodyFiles(test.cloud.folder)).toHaveLength(0)
})
