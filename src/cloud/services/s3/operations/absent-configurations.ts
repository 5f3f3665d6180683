/** Configurations that no bucket here has: their state is told truthfully, so that tools which read everything get by. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import type { BucketInput } from '../engine/find-bucket.ts'
import { bucketKind } from '../kinds.ts'

const access = (action: string) => (input: BucketInput, ctx: Context) => [bucketKind.on(ctx, action, input)]

export const getBucketAccelerate = operation({
  service: 's3',
  name: 'GetBucketAccelerateConfiguration',
  access: access('GetAccelerateConfiguration'),
  run: () => ({}),
})

export const getBucketRequestPayment = operation({
  service: 's3',
  name: 'GetBucketRequestPayment',
  access: access('GetBucketRequestPayment'),
  run: () => ({ Payer: 'BucketOwner' as const }),
})

export const getBucketReplication = operation({
  service: 's3',
  name: 'GetBucketReplication',
  access: access('GetReplicationConfiguration'),
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
  access: access('GetBucketObjectLockConfiguration'),
  run: ({ Bucket: BucketName }) => {
    throw new AwsError(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      { status: 404, fields: { BucketName } },
    )
  },
})
