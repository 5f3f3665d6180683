/** Configurations that no bucket here has: their state is told truthfully, so that tools which read everything get by. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { findBucket, onBucket } from '../engine/bucket-access.ts'

interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
}

const access = (action: string) => (input: BucketInput, ctx: Context) => [
  onBucket(ctx, findBucket(input, ctx), action),
]

export const getBucketAccelerate = operation({
  service: 's3',
  name: 'GetBucketAccelerateConfiguration',
  access: access('s3:GetAccelerateConfiguration'),
  run: () => ({}),
})

export const getBucketRequestPayment = operation({
  service: 's3',
  name: 'GetBucketRequestPayment',
  access: access('s3:GetBucketRequestPayment'),
  run: () => ({ Payer: 'BucketOwner' as const }),
})

export const getBucketReplication = operation({
  service: 's3',
  name: 'GetBucketReplication',
  access: access('s3:GetReplicationConfiguration'),
  run: ({ Bucket: BucketName }) => {
    throw new AwsError(
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
      { status: 404, fields: { BucketName } },
    )
  },
})

export const getObjectLockConfiguration = operation({
  service: 's3',
  name: 'GetObjectLockConfiguration',
  access: access('s3:GetBucketObjectLockConfiguration'),
  run: ({ Bucket: BucketName }) => {
    throw new AwsError(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      { status: 404, fields: { BucketName } },
    )
  },
})
