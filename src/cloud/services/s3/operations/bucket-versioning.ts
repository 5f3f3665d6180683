/** s3:PutBucketVersioning and s3:GetBucketVersioning. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { malformedXml } from '../engine/errors.ts'
import { bucketKind } from '../kinds.ts'

export const putBucketVersioning = operation({
  service: 's3',
  name: 'PutBucketVersioning',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketVersioning', input)],
  run: (input, ctx) => {
    refuseUnsupported(input, ['MFA'])
    const { Status, MFADelete } = input.VersioningConfiguration
    if (MFADelete === 'Enabled') refuseUnsupported({ MFADelete }, ['MFADelete'])
    if (Status !== 'Enabled' && Status !== 'Suspended') throw malformedXml()
    bucketKind.change(ctx, input, { versioning: Status })
    return {}
  },
})

export const getBucketVersioning = operation({
  service: 's3',
  name: 'GetBucketVersioning',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketVersioning', input)],
  run: (input, ctx) => ({ Status: bucketKind.find(ctx, input).versioning }),
})
