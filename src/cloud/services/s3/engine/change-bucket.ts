/** Changing a bucket's record, for the many operations that put, get or delete one of its configurations. */
import type { Context } from '../../../kernel/context.ts'
import { type Bucket, bucketTable, type StoredConfigurations } from '../state.ts'
import { findBucket } from './bucket-access.ts'

interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
}

/** Puts a copy of the bucket with these members in place of its own. */
export function changeBucket(input: BucketInput, ctx: Context, changes: Partial<Bucket>): Bucket {
  const changed = { ...findBucket(input, ctx), ...changes }
  bucketTable(ctx.cloud).put(changed.name, changed)
  return changed
}

/** As `changeBucket`, for one of the configurations that are stored as they were put. */
export function changeConfiguration(
  input: BucketInput,
  ctx: Context,
  changes: Partial<StoredConfigurations>,
): void {
  const { configurations } = findBucket(input, ctx)
  changeBucket(input, ctx, { configurations: { ...configurations, ...changes } })
}
