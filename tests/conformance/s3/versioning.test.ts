/** S3 versioning through the SDK client: null versions, delete markers, version ids, lists of versions. */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'versioned-bucket'

const versioning = (Status: 'Enabled' | 'Suspended', bucket = Bucket) =>
  s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }))
const put = async (Key: string, Body: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId
const text = async (Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body!.transformToString()
const remove = (Key: string, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
const list = (more: object = {}) => s3.send(new ListObjectVersionsCommand({ Bucket, ...more }))

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
  await put('before', 'null version')
  await versioning('Enabled')
})

describe('a versioned bucket', () => {
  it('keeps every version, the unversioned one as null', async () => {
    const id = await put('before', 'second')
    expect(id).toMatch(/^\S{32}$/)
    expect(await text('before')).toBe('second')
    expect(await text('before', 'null')).toBe('null version')
    expect(await text('before', id)).toBe('second')
  })

  it('hides a key under a delete marker and shows it again', async () => {
    const id = await put('doc', 'v1')
    const deleted = await remove('doc')
    expect(deleted).toMatchObject({ DeleteMarker: true })
    const missing = await s3.send(new GetObjectCommand({ Bucket, Key: 'doc' })).catch((error) => error)
    expect(missing).toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } })
    expect(missing.$response.headers['x-amz-delete-marker']).toBe('true')
    await expect(
      s3.send(new HeadObjectCommand({ Bucket, Key: 'doc', VersionId: deleted.VersionId })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } })
    expect(await text('doc', id)).toBe('v1')
    expect(await remove('doc', deleted.VersionId)).toMatchObject({ DeleteMarker: true })
    expect(await text('doc')).toBe('v1')
  })

  it('removes single versions for good', async () => {
    const first = await put('single', '1')
    const second = await put('single', '2')
    await remove('single', second)
    expect(await text('single')).toBe('1')
    await expect(text('single', second)).rejects.toMatchObject({ name: 'NoSuchVersion' })
    await expect(text('single', 'nonsense')).rejects.toMatchObject({ name: 'InvalidArgument' })
    await remove('single', first)
    await expect(text('single')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('lists versions newest first, in pages', async () => {
    for (const body of ['1', '2', '3']) await put('pages/a', body)
    await remove('pages/a')
    await put('pages/b', '1')
    const all = await list({ Prefix: 'pages/' })
    expect(all.Versions?.map((one) => [one.Key, one.IsLatest])).toEqual([
      ['pages/a', false],
      ['pages/a', false],
      ['pages/a', false],
      ['pages/b', true],
    ])
    expect(all.DeleteMarkers).toMatchObject([{ Key: 'pages/a', IsLatest: true }])
    const seen: string[] = []
    let markers = {}
    for (;;) {
      const page = await list({ Prefix: 'pages/', MaxKeys: 2, ...markers })
      seen.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((one) => one.VersionId!))
      if (!page.IsTruncated) break
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
    }
    const ids = [...all.Versions!, ...all.DeleteMarkers!].map((one) => one.VersionId!)
    expect(seen.sort()).toEqual(ids.sort())
  })

  it('goes back to null versions when suspended', async () => {
    const kept = await put('suspended', 'kept')
    await versioning('Suspended')
    expect(await put('suspended', 'null 1')).toBe('null')
    await put('suspended', 'null 2')
    expect(await text('suspended', 'null')).toBe('null 2')
    expect(await text('suspended', kept)).toBe('kept')
    await remove('suspended')
    const { Versions, DeleteMarkers } = await list({ Prefix: 'suspended' })
    expect(Versions?.map((one) => one.VersionId)).toEqual([kept])
    expect(DeleteMarkers?.map((one) => one.VersionId)).toEqual(['null'])
    await versioning('Enabled')
  })
})
