/** S3 authorization through SDK clients: bucket policies, missing keys, condition keys, cross-account messages. */
import { CreateRoleCommand, DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, document, roleSession } from './role-session.ts'

const test = await startTestCloud({ organization: false })
const s3 = test.client(S3Client)
const Bucket = 'guarded-bucket'
const objects = `arn:aws:s3:::${Bucket}/*`
const session = (account: string, name: string, ...statements: object[]) =>
  roleSession(test, account, name, ...statements)

const policy = (...statements: object[]) =>
  s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(...statements) }))
const put = (client: S3Client, Key: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }))
const get = (client: S3Client, Key: string, more: object = {}) =>
  client.send(new GetObjectCommand({ Bucket, Key, ...more }))

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket }))
  await put(s3, 'there')
})

describe('denials', () => {
  it('explain themselves inside the account and stay bare across accounts', async () => {
    const nobody = await session(HUB, 'nobody', allow('sqs:*'))
    await expect(get(nobody, 'there')).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
      message: `User: arn:aws:sts::${HUB}:assumed-role/nobody/session is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::${Bucket}/there" because no identity-based policy allows the s3:GetObject action`,
    })
    const foreign = await session(DEV, 'foreign', allow('s3:*'))
    await expect(get(foreign, 'there')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Access Denied',
    })
    await expect(foreign.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
  })

  it('hide whether a key exists from who may not list', async () => {
    const reader = await session(HUB, 'reader', allow('s3:GetObject'))
    await expect(get(reader, 'missing')).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(reader.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
    const lister = await session(HUB, 'lister', allow(['s3:GetObject', 's3:ListBucket']))
    await expect(get(lister, 'missing')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('expect the bucket owner the request names', async () => {
    await expect(get(s3, 'there', { ExpectedBucketOwner: DEV })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
    await get(s3, 'there', { ExpectedBucketOwner: HUB })
  })
})

describe('actions', () => {
  it('differ for versions, tags and ACLs', async () => {
    const Versioned = 'guarded-versions'
    await s3.send(new CreateBucketCommand({ Bucket: Versioned }))
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: Versioned, VersioningConfiguration: { Status: 'Enabled' } }),
    )
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: Versioned, Key: 'k', Body: 'x' }))
    const plain = await session(HUB, 'plain', allow(['s3:GetObject', 's3:PutObject']))
    await plain.send(new GetObjectCommand({ Bucket: Versioned, Key: 'k' }))
    await expect(
      plain.send(new GetObjectCommand({ Bucket: Versioned, Key: 'k', VersionId })),
    ).rejects.toThrow('s3:GetObjectVersion')
    await expect(put(plain, 'tagged', { Tagging: 'a=b' })).rejects.toThrow('s3:PutObjectTagging')
    await expect(put(plain, 'acl', { ACL: 'bucket-owner-full-control' })).rejects.toThrow('s3:PutObjectAcl')
  })

  it('see prefix, tags and encryption as condition keys', async () => {
    const client = await session(
      HUB,
      'conditional',
      allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`, {
        Condition: { StringLike: { 's3:prefix': 'team/*' } },
      }),
      allow('s3:GetObject', objects, { Condition: { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } } }),
      allow('s3:PutObject', objects, {
        Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
      }),
    )
    await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'team/a' }))
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    await put(s3, 'open', { Tagging: 'open=yes' })
    await get(client, 'open')
    await expect(get(client, 'there')).rejects.toMatchObject({ name: 'AccessDenied' })
    await put(client, 'sse', { ServerSideEncryption: 'AES256' })
    await expect(put(client, 'sse')).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('are decided key by key in DeleteObjects', async () => {
    const client = await session(HUB, 'deleter', allow('s3:DeleteObject', `arn:aws:s3:::${Bucket}/mine/*`))
    await put(s3, 'mine/1')
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'mine/1' }, { Key: 'there' }] } }),
    )
    expect(answer.Deleted).toEqual([{ Key: 'mine/1' }])
    expect(answer.Errors).toMatchObject([{ Key: 'there', Code: 'AccessDenied' }])
    await get(s3, 'there')
  })
})

describe('bucket policies', () => {
  it('let another account in together with its own policy', async () => {
    const foreign = await session(DEV, 'guest', allow('s3:GetObject', objects))
    await policy(allow('s3:GetObject', objects, { Principal: { AWS: `arn:aws:iam::${DEV}:root` } }))
    await get(foreign, 'there')
    await expect(put(foreign, 'there')).rejects.toMatchObject({ message: 'Access Denied' })
    const without = await session(DEV, 'without', allow('sqs:*'))
    await expect(get(without, 'there')).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(foreign.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  })

  it('must be well-formed and name principals that exist', async () => {
    const wrong = (Policy: string) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    const malformed = (message: string) => ({ name: 'MalformedPolicy', message })
    const root = { Principal: { AWS: HUB } }
    await expect(wrong('nonsense')).rejects.toMatchObject(
      malformed("Policies must be valid JSON and the first byte must be '{'"),
    )
    await expect(wrong('{}')).rejects.toMatchObject(malformed('Missing required field Statement'))
    await expect(policy(allow('s3:GetObject', 'arn:aws:s3:::other-bucket/*', root))).rejects.toMatchObject(
      malformed('Policy has invalid resource'),
    )
    await expect(policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}`, root))).rejects.toMatchObject(
      malformed('Action does not apply to any resource(s) in statement'),
    )
    await expect(policy(allow('sqs:*', objects, root))).rejects.toMatchObject(
      malformed('Policy has invalid action'),
    )
    await expect(policy(allow('s3:GetObject', objects))).rejects.toMatchObject(
      malformed('Missing required field Principal'),
    )
    const role = `arn:aws:iam::${DEV}:role/not-there-yet`
    const naming = () => policy(allow('s3:GetObject', objects, { Principal: { AWS: role } }))
    await expect(naming()).rejects.toMatchObject(malformed('Invalid principal in policy'))
    await session(DEV, 'not-there-yet', allow('s3:*'))
    await naming()
    const iam = test.client(IAMClient, { account: DEV })
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'not-there-yet', PolicyName: 'p' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'not-there-yet' }))
    await expect(naming()).rejects.toMatchObject(malformed('Invalid principal in policy'))
  })

  it('do not speak of a role that was deleted and made again', async () => {
    const name = 'made-again'
    const arn = `arn:aws:iam::${DEV}:role/${name}`
    const before = await session(DEV, name, allow('s3:GetObject', objects))
    await policy(allow('s3:GetObject', objects, { Principal: { AWS: arn } }))
    await get(before, 'there')
    const iam = test.client(IAMClient, { account: DEV })
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: 'p' }))
    await iam.send(new DeleteRoleCommand({ RoleName: name }))
    const shown = await s3.send(new GetBucketPolicyCommand({ Bucket }))
    expect(shown.Policy).toMatch(/"AROA[A-Z0-9]+"/)
    const again = new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: DEV },
      }),
    })
    await iam.send(again)
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(shown.Policy)
  })

  it('are not public while Block Public Access forbids it', async () => {
    const open = allow('s3:GetObject', objects, { Principal: '*' })
    await expect(policy(open)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('BlockPublicPolicy'),
    })
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { BlockPublicPolicy: false, RestrictPublicBuckets: false },
      }),
    )
    await policy(open)
    const status = await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))
    expect(status.PolicyStatus).toEqual({ IsPublic: true })
    const anonymous = await fetch(`${test.cloud.endpoint}/${Bucket}/there`)
    expect([anonymous.status, await anonymous.text()]).toEqual([200, 'x'])
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      }),
    )
    expect((await fetch(`${test.cloud.endpoint}/${Bucket}/there`)).status).toBe(403)
  })
})

describe('object ownership', () => {
  it('leaves objects to their writer in ObjectWriter buckets', async () => {
    const Shared = 'writers-bucket'
    await s3.send(new CreateBucketCommand({ Bucket: Shared, ObjectOwnership: 'ObjectWriter' }))
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: Shared,
        Policy: document(
          allow(['s3:PutObject', 's3:PutObjectAcl'], `arn:aws:s3:::${Shared}/*`, {
            Principal: { AWS: `arn:aws:iam::${DEV}:root` },
          }),
        ),
      }),
    )
    const writer = await session(DEV, 'writer', allow('s3:*'))
    const write = (Key: string, more: object = {}) =>
      writer.send(new PutObjectCommand({ Bucket: Shared, Key, Body: 'x', ...more }))
    const read = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: Shared, Key }))
    await write('theirs')
    await write('given', { ACL: 'bucket-owner-full-control' })
    await expect(read(s3, 'theirs')).rejects.toMatchObject({ name: 'AccessDenied' })
    await read(s3, 'given')
    await read(writer, 'theirs')
    await s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: Shared,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    )
    await read(s3, 'theirs')
    await expect(read(writer, 'theirs')).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('presigned URLs', () => {
  it('read and write as their signer', async () => {
    const write = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 60 })
    expect((await fetch(write, { method: 'PUT', body: 'by url' })).status).toBe(200)
    const read = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 60 })
    expect(await (await fetch(read)).text()).toBe('by url')
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
    const nobody = await session(HUB, 'presigner', allow('sqs:*'))
    const denied = await getSignedUrl(nobody, new GetObjectCommand({ Bucket, Key: 'signed' }))
    expect((await fetch(denied)).status).toBe(403)
  })
})
