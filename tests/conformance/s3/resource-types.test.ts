/** AWS::S3::Bucket and AWS::S3::BucketPolicy in stacks. */
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const stacks = driveStacks(test)
const bucketTemplate = (Properties: object, more: object = {}) => ({
  Resources: { Store: { Type: 'AWS::S3::Bucket', Properties }, ...more },
  Outputs: {
    Name: { Value: { Ref: 'Store' } },
    Arn: { Value: { 'Fn::GetAtt': ['Store', 'Arn'] } },
    Domain: { Value: { 'Fn::GetAtt': ['Store', 'RegionalDomainName'] } },
  },
})
const configured = {
  VersioningConfiguration: { Status: 'Enabled' },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
    ],
  },
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
  LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: 30 }] },
  NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  CorsConfiguration: { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
  WebsiteConfiguration: { IndexDocument: 'index.html' },
  Tags: [{ Key: 'team', Value: 'ours' }],
}

describe('AWS::S3::Bucket', () => {
  it('makes a bucket with all it configures, changes it, and deletes it', async () => {
    const stack = await stacks.create('full', bucketTemplate(configured))
    expect(stack.StackStatus, (await stacks.events('full')).join('\n')).toBe('CREATE_COMPLETE')
    const outputs = await stacks.outputs('full')
    const Bucket = outputs.Name!
    expect(Bucket).toMatch(/^full-store-[a-z0-9]+$/)
    expect(outputs).toMatchObject({
      Arn: `arn:aws:s3:::${Bucket}`,
      Domain: `${Bucket}.s3.us-east-1.amazonaws.com`,
    })
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { BucketKeyEnabled: true, ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
    ])
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(block.PublicAccessBlockConfiguration).toMatchObject({
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    })
    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    expect(lifecycle.Rules).toEqual([
      { ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } },
    ])
    const notification = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
    expect(notification.EventBridgeConfiguration).toEqual({})
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }))
    expect(TagSet).toContainEqual({ Key: 'team', Value: 'ours' })

    const { LifecycleConfiguration: _, ...rest } = configured
    const changed = { ...rest, VersioningConfiguration: { Status: 'Suspended' } }
    expect((await stacks.update('full', bucketTemplate(changed))).StackStatus).toBe('UPDATE_COMPLETE')
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Suspended')
    await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchLifecycleConfiguration',
    })
    expect((await stacks.remove('full')).StackStatus).toBe('DELETE_COMPLETE')
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('does not take over a bucket, refuses unknown properties, and cannot delete one with objects', async () => {
    await stacks.create('first', bucketTemplate({ BucketName: 'stack-owned' }))
    const second = await stacks.create('second', bucketTemplate({ BucketName: 'stack-owned' }))
    expect(second.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect((await stacks.events('second')).join('\n')).toContain('stack-owned already exists')
    await s3.send(new HeadBucketCommand({ Bucket: 'stack-owned' }))

    const unsupported = { ReplicationConfiguration: { Role: 'arn:aws:iam::111111111111:role/r', Rules: [] } }
    const third = await stacks.create('third', bucketTemplate({ BucketName: 'replicated', ...unsupported }))
    expect(third.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect((await stacks.events('third')).join('\n')).toContain('ReplicationConfiguration')

    await s3.send(new PutObjectCommand({ Bucket: 'stack-owned', Key: 'k', Body: 'x' }))
    expect((await stacks.remove('first')).StackStatus).toBe('DELETE_FAILED')
    expect((await stacks.events('first')).join('\n')).toContain('The bucket you tried to delete is not empty')
  })

  it('leaves nothing behind when a configuration fails', async () => {
    const stack = await stacks.create(
      'broken',
      bucketTemplate({
        BucketName: 'broken-bucket',
        LoggingConfiguration: { DestinationBucketName: 'no-such-logs' },
      }),
    )
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'broken-bucket' }))).rejects.toMatchObject({
      name: 'NotFound',
    })
  })
})

describe('AWS::S3::BucketPolicy', () => {
  const policy = (Action: string, Principal: object = { AWS: HUB }) => ({
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Store' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Principal, Resource: { 'Fn::Sub': '${Store.Arn}/*' } }],
        },
      },
    },
  })

  it('puts, changes and deletes the policy', async () => {
    await stacks.create('policy', bucketTemplate({ BucketName: 'with-policy' }, policy('s3:GetObject')))
    const read = async () =>
      JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket: 'with-policy' }))).Policy!)
    expect((await read()).Statement[0].Action).toBe('s3:GetObject')
    await stacks.update('policy', bucketTemplate({ BucketName: 'with-policy' }, policy('s3:PutObject')))
    expect((await read()).Statement[0].Action).toBe('s3:PutObject')
    await stacks.update('policy', bucketTemplate({ BucketName: 'with-policy' }))
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
  })

  it('fails the stack when a principal does not exist', async () => {
    const missing = policy('s3:GetObject', { AWS: `arn:aws:iam::${HUB}:role/not-there` })
    const stack = await stacks.create('missing', bucketTemplate({}, missing))
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
    expect((await stacks.events('missing')).join('\n')).toContain('Invalid principal in policy')
  })
})
