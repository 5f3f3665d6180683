/**
 * Uploads that were completed, remembered so that a client that lost the answer gets it again. AWS: CompleteMultipartUpload
 * with the same parts answers the same some hours later, whatever became of the object, and `If-None-Match: *` holds
 * (adobe/S3Mock issue 2586 and minio issue 13318 show it on S3).
 */
import type { Context } from '../../../kernel/context.ts'
import { type Completion, completionTable } from '../state.ts'

const KEPT = 24 * 60 * 60 * 1000
/** Old ones are looked for whenever there are so many more. */
const SWEPT_EVERY = 100

interface Asked {
  readonly Key: string
  readonly UploadId: string
  readonly MultipartUpload?: { readonly Parts?: readonly { PartNumber?: number; ETag?: string }[] }
}

const partsIn = ({ MultipartUpload }: Asked): string =>
  (MultipartUpload?.Parts ?? [])
    .map(({ PartNumber, ETag }) => `${PartNumber}:${ETag?.replaceAll('"', '')}`)
    .join(' ')

/** Gives the completion that a request asks for once more. */
export function completionOf(ctx: Context, bucket: string, asked: Asked): Completion | undefined {
  const known = completionTable(ctx.cloud, bucket).get(asked.UploadId)
  return known?.key === asked.Key && known.parts === partsIn(asked) ? known : undefined
}

/** Remembers what completed an upload. */
export function rememberCompletion(
  ctx: Context,
  bucket: string,
  asked: Asked,
  of: Pick<Completion, 'conditions' | 'answer'>,
): void {
  const table = completionTable(ctx.cloud, bucket)
  const now = ctx.cloud.clock.now()
  if (table.size >= SWEPT_EVERY && table.size % SWEPT_EVERY === 0)
    for (const [id, { completed }] of table.entries()) if (completed < now - KEPT) table.delete(id)
  table.put(asked.UploadId, { key: asked.Key, parts: partsIn(asked), completed: now, ...of })
}

/** Forgets those of a bucket that goes. */
export function forgetCompletions(ctx: Context, bucket: string): void {
  const table = completionTable(ctx.cloud, bucket)
  for (const [id] of table.entries()) table.delete(id)
}
