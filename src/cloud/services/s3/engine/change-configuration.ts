/** Changing one of the configurations that a bucket keeps as they were put. */
import type { Context } from '../../../kernel/context.ts'
import { bucketKind } from '../kinds.ts'
import type { StoredConfigurations } from '../state.ts'
import type { BucketInput } from './find-bucket.ts'

/** Errors: those of finding the bucket. */
export const changeConfiguration = (
  input: BucketInput,
  ctx: Context,
  changes: Partial<StoredConfigurations>,
): unknown =>
  bucketKind.change(ctx, input, (bucket) => ({
    ...bucket,
    configurations: { ...bucket.configurations, ...changes },
  }))
