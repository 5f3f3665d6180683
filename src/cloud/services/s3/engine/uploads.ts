/** Uploads in parts: finding one, and dropping one with its parts. */
import type { Context } from '../../../kernel/context.ts'
import { type Bucket, partTable, type Segment, type Upload, type UploadPart, uploadTable } from '../state.ts'
import { noSuchUpload } from './errors.ts'
import { discard } from './write-object.ts'

/** Errors: NoSuchUpload, also when the upload is another key's. */
export function findUpload(
  ctx: Context,
  bucket: Bucket,
  { Key, UploadId }: { Key: string; UploadId: string },
): Upload {
  const upload = uploadTable(ctx.cloud, bucket.name).get(UploadId)
  if (upload?.key === Key) return upload
  throw noSuchUpload(UploadId)
}

/** Gives the parts of an upload by rising number. */
export const partsOf = (ctx: Context, bucket: string, upload: Upload): UploadPart[] =>
  partTable(ctx.cloud, bucket, upload.id)
    .values()
    .sort((a, b) => a.number - b.number)

export const partKey = (number: number): string => String(number).padStart(5, '0')

/** Forgets an upload and its parts; bodies that `kept` names stay. */
export function dropUpload(
  ctx: Context,
  bucket: string,
  upload: Upload,
  kept: readonly Segment[] = [],
): void {
  const parts = partTable(ctx.cloud, bucket, upload.id)
  const stay = new Set(kept.map((segment) => segment.file))
  const segments = parts.values().map((part) => part.segment)
  for (const [key] of parts.entries()) parts.delete(key)
  uploadTable(ctx.cloud, bucket).delete(upload.id)
  discard(
    ctx,
    segments.filter(({ file }) => !stay.has(file)),
  )
}
