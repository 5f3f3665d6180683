/** S3 buckets through the SDK client: creation rules, regions, names, configurations, deletion. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketTaggingCommand,
  PutBucketWebsiteCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { DEV, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const ireland = test.client(S3Client, { region: 'eu-west-1' })
const other = test.client(S3Client, { account: DEV })
const create = (Bucket: string, more: object = {}, client = s3) =>
  client.send(new CreateBucketCommand({ Bucket, ...more }))
const inIreland = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } }

describe('CreateBucket', () => {
  it('makes a bucket as new buckets are on AWS', async () => {
    const Bucket = 'fresh-bucket'
    await create(Bucket)
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(block.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    })
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }])
    const { ServerSideEncryptionConfiguration: sse } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    )
    expect(sse?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ])
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeFalsy()
  })

  it.each(['ab', 'Upper', '-dash', 'two..dots', '192.168.1.1', 'xn--name', 'has_underscore', 'a'.repeat(64)])(
    'refuses the name %s',
    async (name) => {
      await expect(create(name)).rejects.toMatchObject({ name: 'InvalidBucketName' })
    },
  )

  it('keeps names unique across accounts', async () => {
    await create('taken-name')
    await expect(create('taken-name', {}, other)).rejects.toMatchObject({ name: 'BucketAlreadyExists' })
    await expect(create('taken-name', inIreland, ireland)).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    })
    await create('taken-name')
  })

  it('wants the location constraint to fit the endpoint', async () => {
    const wrong = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }
    await expect(create('loc-1', wrong, ireland)).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    })
    await expect(
      create('loc-1', { CreateBucketConfiguration: { LocationConstraint: 'us-east-1' } }),
    ).rejects.toMatchObject({ name: 'InvalidLocationConstraint' })
    await create('loc-1', inIreland)
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'loc-1' }))).LocationConstraint).toBe(
      'eu-west-1',
    )
  })

  it('refuses a canned ACL while ACLs are off', async () => {
    await expect(create('acl-bucket', { ACL: 'public-read' })).rejects.toMatchObject({
      name: 'InvalidBucketAclWithObjectOwnership',
    })
    await expect(create('lock-bucket', { ObjectLockEnabledForBucket: true })).rejects.toThrow(
      'ObjectLockEnabledForBucket',
    )
  })
})

describe('ListBuckets', () => {
  it('lists the own buckets in pages', async () => {
    const mine = test.client(S3Client, { account: '333333333333' })
    for (const name of ['list-c', 'list-a', 'list-b']) await create(name, {}, mine)
    const first = await mine.send(new ListBucketsCommand({ MaxBuckets: 2 }))
    expect(first.Buckets?.map((one) => one.Name)).toEqual(['list-a', 'list-b'])
    const rest = await mine.send(
      new ListBucketsCommand({ MaxBuckets: 2, ContinuationToken: first.ContinuationToken }),
    )
    expect(rest.Buckets?.map((one) => one.Name)).toEqual(['list-c'])
    expect(rest.ContinuationToken).toBeUndefined()
  })
})

describe('DeleteBucket', () => {
  it('wants the bucket empty', async () => {
    await create('to-delete')
    await s3.send(new PutObjectCommand({ Bucket: 'to-delete', Key: 'k', Body: 'x' }))
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'to-delete' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    })
    await s3.send(new DeleteObjectCommand({ Bucket: 'to-delete', Key: 'k' }))
    await s3.send(new DeleteBucketCommand({ Bucket: 'to-delete' }))
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'to-delete' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    })
    await create('to-delete', {}, other)
  })
})

describe('configurations', () => {
  const Bucket = 'configured-bucket'

  it('keeps lifecycle, CORS, website and tags as they were put', async () => {
    await create(Bucket)
    const rule = {
      ID: 'old',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'tmp/' },
      Expiration: { Days: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    }
    const missing = s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' })
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
    )
    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    expect(lifecycle.Rules).toEqual([rule])
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }))

    const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'], MaxAgeSeconds: 60 }]
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules)

    const IndexDocument = { Suffix: 'index.html' }
    await s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument } }))
    expect((await s3.send(new GetBucketWebsiteCommand({ Bucket }))).IndexDocument).toEqual(IndexDocument)

    const TagSet = [{ Key: 'team', Value: 'ours' }]
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
  })

  it('refuses what cannot be', async () => {
    await expect(
      s3.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'no-such-target', TargetPrefix: '' } },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidTargetBucketForLogging' })
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const, KMSMasterKeyID: 'k' },
    }
    await expect(
      s3.send(
        new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidArgument' })
    const queue = {
      QueueArn: 'arn:aws:sqs:us-east-1:111111111111:q',
      Events: ['s3:ObjectCreated:*' as const],
    }
    await expect(
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          NotificationConfiguration: { QueueConfigurations: [queue] },
        }),
      ),
    ).rejects.toThrow('Unable to validate the following destination configurations')
  })
})

describe('ACLs', () => {
  it('are off unless the bucket switches them on', async () => {
    const Bucket = 'acl-off-bucket'
    await create(Bucket)
    const acl = await s3.send(new GetBucketAclCommand({ Bucket }))
    expect(acl.Grants).toEqual([
      { Grantee: { Type: 'CanonicalUser', ID: acl.Owner?.ID }, Permission: 'FULL_CONTROL' },
    ])
    await expect(s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }))).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
    })
    const put = (ACL: 'private' | 'bucket-owner-full-control') =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ACL }))
    await put('bucket-owner-full-control')
    await expect(put('private')).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
      message: 'The bucket does not allow ACLs',
    })
    await s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
      }),
    )
    await put('private')
    await s3.send(new PutObjectAclCommand({ Bucket, Key: 'k', ACL: 'bucket-owner-full-control' }))
  })
})
