/** S3 encryption with KMS through SDK clients: who may read, what lies on disk, how KMS's errors come through. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, roleSession } from './role-session.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const kms = test.client(KMSClient)
const Bucket = 'encrypted-bucket'
let keyArn = ''

const roleClient = (account: string, name: string, ...statements: object[]) =>
  roleSession(test, account, name, ...statements)
const put = (Key: string, Body: string | Uint8Array, more: object = {}, client = s3) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const text = async (Key: string, more: object = {}, client = s3) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString()
const underKey = () => ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn })

/** Whether any file of the cloud holds this text in clear. */
function onDisk(folder: string, needle: string): boolean {
  return readdirSync(folder).some((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? onDisk(path, needle) : readFileSync(path).includes(needle)
  })
}

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
  const Policy = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HUB}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${DEV}:root` },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}/shared` } },
      },
    ],
  })
  keyArn = (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata!.Arn!
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DEV}:root` },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  }
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: [statement] }) }))
})

describe('SSE-KMS', () => {
  it('encrypts bodies at rest, small and large, and reads ranges of them', async () => {
    const secret = 'top secret line of text '
    const large = secret.repeat(50_000)
    const answer = await put('small', secret, underKey())
    expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn })
    expect(answer.ETag).toMatch(/^"[0-9a-f]{32}"$/)
    await put('large', large, underKey())
    expect(await text('small')).toBe(secret)
    expect(await text('large')).toBe(large)
    expect(await text('large', { Range: 'bytes=600004-600009' })).toBe(large.slice(600_004, 600_010))
    await test.cloud.store.flush()
    expect(onDisk(test.cloud.folder, secret)).toBe(false)
    await put('clear', large)
    expect(onDisk(test.cloud.folder, secret)).toBe(true)
  })

  it('takes the managed key when none is named, in the caller’s account', async () => {
    const { SSEKMSKeyId } = await put('managed', 'x', { ServerSideEncryption: 'aws:kms' })
    expect(SSEKMSKeyId).toMatch(new RegExp(`^arn:aws:kms:us-east-1:${HUB}:key/`))
    expect(await text('managed')).toBe('x')
    const dev = await roleClient(DEV, 'reader', allow(['s3:*', 'kms:*']))
    await expect(text('managed', {}, dev)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('kms:Decrypt'),
    })
  })

  it('lets another account read what bucket policy and key policy both allow', async () => {
    await put('shared', 'for both', underKey())
    await put('private', 'for one', underKey())
    const dev = await roleClient(DEV, 'sharer', allow(['s3:GetObject', 'kms:Decrypt']))
    expect(await text('shared', {}, dev)).toBe('for both')
    await expect(text('private', {}, dev)).rejects.toMatchObject({ name: 'AccessDenied' })
    const withoutKey = await roleClient(DEV, 'keyless', allow(['s3:GetObject']))
    await expect(text('shared', {}, withoutKey)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /assumed-role\/keyless\/session is not authorized to perform: kms:Decrypt on .* because no identity-based policy allows the kms:Decrypt action/,
      ),
    })
  })

  it('asks for GenerateDataKey to write, and records it as coming through S3', async () => {
    const writer = await roleClient(HUB, 'writer', allow(['s3:PutObject']))
    await expect(put('w', 'x', underKey(), writer)).rejects.toMatchObject({
      message: expect.stringContaining('kms:GenerateDataKey'),
    })
    await put('w', 'x', underKey())
    const entry = test.cloud.trail.entries().findLast((one) => one.action === 'kms:GenerateDataKey')
    expect(entry?.context).toMatchObject({
      'kms:ViaService': 's3.us-east-1.amazonaws.com',
      'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}/w`,
    })
  })

  it('tells KMS errors under its own codes', async () => {
    const unknown = `arn:aws:kms:us-east-1:${HUB}:key/00000000-0000-0000-0000-000000000000`
    await expect(
      put('u', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: unknown }),
    ).rejects.toMatchObject({ name: 'KMS.NotFoundException', $metadata: { httpStatusCode: 400 } })
    await put('disabled', 'x', underKey())
    await kms.send(new DisableKeyCommand({ KeyId: keyArn }))
    await expect(text('disabled')).rejects.toMatchObject({ name: 'KMS.DisabledException' })
    await kms.send(new EnableKeyCommand({ KeyId: keyArn }))
    await expect(put('n', 'x', { SSEKMSKeyId: keyArn })).rejects.toMatchObject({ name: 'InvalidArgument' })
    await expect(put('n', 'x', { ServerSideEncryption: 'rot13' })).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
  })

  it('is the default of a bucket that says so, with bucket keys', async () => {
    const name = 'kms-by-default'
    await s3.send(new CreateBucketCommand({ Bucket: name }))
    const rule = {
      BucketKeyEnabled: true,
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: keyArn },
    }
    await s3.send(
      new PutBucketEncryptionCommand({ Bucket: name, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    )
    await s3.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'x' }))
    const entry = test.cloud.trail.entries().findLast((one) => one.action === 'kms:GenerateDataKey')
    expect(entry?.context['kms:EncryptionContext:aws:s3:arn']).toBe(`arn:aws:s3:::${name}`)
    const head = await s3.send(new HeadObjectCommand({ Bucket: name, Key: 'k' }))
    expect(head).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: keyArn,
      BucketKeyEnabled: true,
    })
    await put('plain', 'copied')
    await s3.send(new CopyObjectCommand({ Bucket: name, Key: 'c', CopySource: `${Bucket}/plain` }))
    const copied = await s3.send(new HeadObjectCommand({ Bucket: name, Key: 'c' }))
    expect(copied.ServerSideEncryption).toBe('aws:kms')
  })

  it('covers uploads in parts', async () => {
    const Key = 'parts'
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }),
    )
    const bodies = [Buffer.alloc(5 * 1024 * 1024, 'multi secret '), Buffer.from('end')]
    const Parts = []
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat(bodies))).toBe(true)
    expect(onDisk(join(test.cloud.folder, 'objects'), 'multi secret')).toBe(false)
  })
})
