/** s3:PutBucketOwnershipControls, GetBucketOwnershipControls, DeleteBucketOwnershipControls. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { malformedXml } from '../engine/errors.ts'
import { bucketKind } from '../kinds.ts'
import type { Ownership } from '../state.ts'

const OWNERSHIPS: readonly string[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']

export const putBucketOwnershipControls = operation({
  service: 's3',
  name: 'PutBucketOwnershipControls',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketOwnershipControls', input)],
  run: (input, ctx) => {
    const [rule, ...others] = input.OwnershipControls.Rules
    if (!rule || others.length > 0 || !OWNERSHIPS.includes(rule.ObjectOwnership)) throw malformedXml()
    bucketKind.change(ctx, input, { ownership: rule.ObjectOwnership as Ownership })
    return {}
  },
})

export const getBucketOwnershipControls = operation({
  service: 's3',
  name: 'GetBucketOwnershipControls',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketOwnershipControls', input)],
  run: (input, ctx) => {
    const { name, ownership } = bucketKind.find(ctx, input)
    if (ownership) return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }
    throw new AwsError('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', {
      status: 404,
      fields: { BucketName: name },
    })
  },
})

export const deleteBucketOwnershipControls = operation({
  service: 's3',
  name: 'DeleteBucketOwnershipControls',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketOwnershipControls', input)],
  run: (input, ctx) => {
    bucketKind.change(ctx, input, { ownership: undefined })
    return {}
  },
})
