/** Looking at buckets and deleting them: HeadBucket, GetBucketLocation, ListBuckets, DeleteBucket. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { forgetObjects, objectsOf } from '../engine/bucket-objects.ts'
import { forgetCompletions } from '../engine/completions.ts'
import { invalidArgument } from '../engine/errors.ts'
import { dropUpload } from '../engine/uploads.ts'
import { bucketKind } from '../kinds.ts'
import { bucketTable, uploadTable } from '../state.ts'

/** AWS: the canonical user id of an account, 64 hexadecimal digits. */
export const canonicalUser = (account: string): string =>
  createHash('sha256').update(`canonical user ${account}`).digest('hex')

export const headBucket = operation({
  service: 's3',
  name: 'HeadBucket',
  access: (input, ctx) => [bucketKind.on(ctx, 'ListBucket', input)],
  run: (input, ctx) => ({ BucketRegion: bucketKind.find(ctx, input).region, AccessPointAlias: false }),
})

export const getBucketLocation = operation({
  service: 's3',
  name: 'GetBucketLocation',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketLocation', { ...input, anyRegion: true })],
  run: (input, ctx) => {
    const { region } = bucketKind.find(ctx, { ...input, anyRegion: true })
    // AWS: buckets in us-east-1 have an empty location constraint.
    return region === 'us-east-1' ? {} : { LocationConstraint: region as never }
  },
})

const LIST_LIMIT = 10_000

export const listBuckets = operation({
  service: 's3',
  name: 'ListBuckets',
  access: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run: (input, ctx) => {
    const { MaxBuckets = LIST_LIMIT, Prefix = '', BucketRegion } = input
    if (MaxBuckets < 1 || MaxBuckets > LIST_LIMIT)
      throw invalidArgument('MaxBuckets must be between 1 and 10000', 'max-buckets', MaxBuckets)
    const mine = bucketTable(ctx.cloud)
      .values()
      .filter((one) => one.account === ctx.account && one.name.startsWith(Prefix))
      .filter((one) => BucketRegion === undefined || one.region === BucketRegion)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, nextToken } = paginate(mine, {
      token: input.ContinuationToken,
      limit: MaxBuckets,
      query: [ctx.account, Prefix, BucketRegion],
      error: () => invalidArgument('The continuation token provided is incorrect', 'continuation-token'),
    })
    return {
      Buckets: items.map((one) => ({
        Name: one.name,
        CreationDate: new Date(one.created),
        BucketRegion: one.region,
        BucketArn: `arn:aws:s3:::${one.name}`,
      })),
      Owner: { ID: canonicalUser(ctx.account) },
      ContinuationToken: nextToken,
      Prefix: input.Prefix,
    }
  },
})

export const deleteBucket = operation({
  service: 's3',
  name: 'DeleteBucket',
  access: (input, ctx) => [bucketKind.on(ctx, 'DeleteBucket', input)],
  run: (input, ctx) => {
    const { name } = bucketKind.find(ctx, input)
    if (!objectsOf(ctx.cloud, name).isEmpty)
      throw new AwsError(
        'BucketNotEmpty',
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
        { status: 409, fields: { BucketName: name } },
      )
    for (const upload of uploadTable(ctx.cloud, name).values()) dropUpload(ctx, name, upload)
    forgetCompletions(ctx, name)
    forgetObjects(ctx.cloud, name)
    bucketTable(ctx.cloud).delete(name)
    return {}
  },
})
