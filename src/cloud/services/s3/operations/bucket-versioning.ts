/** s3:PutBucketVersioning and s3:GetBucketVersioning. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { findBucket, onBucket } from '../engine/bucket-access.ts'
import { changeBucket } from '../engine/change-bucket.ts'
import { malformedXml } from '../engine/errors.ts'

export const putBucketVersioning = operation({
  service: 's3',
  name: 'PutBucketVersioning',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:PutBucketVersioning')],
  run: (input, ctx) => {
    refuseUnsupported(input, ['MFA'])
    const { Status, MFADelete } = input.VersioningConfiguration
    if (MFADelete === 'Enabled') refuseUnsupported({ MFADelete }, ['MFADelete'])
    if (Status !== 'Enabled' && Status !== 'Suspended') throw malformedXml()
    changeBucket(input, ctx, { versioning: Status })
    return {}
  },
})

export const getBucketVersioning = operation({
  service: 's3',
  name: 'GetBucketVersioning',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:GetBucketVersioning')],
  run: (input, ctx) => ({ Status: findBucket(input, ctx).versioning }),
})
