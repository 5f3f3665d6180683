/** s3:UploadPart and s3:UploadPartCopy: one part of an upload, from the request or from an object that is there. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { bodiesOf, type Content } from '../engine/bodies.ts'
import { parseRange } from '../engine/byte-range.ts'
import { checkCopySource } from '../engine/conditions.ts'
import { copySourceAccess, copySourceConditions, openCopySource } from '../engine/copy-source.ts'
import { encryptionFields, openKey } from '../engine/encryption.ts'
import { invalidArgument, invalidRequest } from '../engine/errors.ts'
import { type ChecksumInput, checksumFields } from '../engine/object-checksum.ts'
import { sseCustomerMembers } from '../engine/object-details.ts'
import { storeBody } from '../engine/store-body.ts'
import { findUpload, partKey } from '../engine/uploads.ts'
import { discard } from '../engine/write-object.ts'
import { bucketKind, onKey } from '../kinds.ts'
import { type Bucket, type Checksum, partTable, type Upload, type UploadPart, uploadTable } from '../state.ts'

interface PartInput {
  readonly Key: string
  readonly UploadId: string
  readonly PartNumber: number
  readonly ContentMD5?: string
}

/** AWS: each part takes s3:PutObject, judged by the encryption that the upload was begun with. */
function partAccess(ctx: Context, bucket: Bucket, { Key, UploadId }: PartInput) {
  const upload = uploadTable(ctx.cloud, bucket.name).get(UploadId)
  return [onKey(ctx, 'PutObject', bucket, Key, upload?.conditions)]
}

function checkPartNumber(number: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', number)
}

/** Writes the bytes of a part, opened only once all is well, and puts it in place of an earlier one of its number. */
async function storePart(
  ctx: Context,
  bucket: Bucket,
  input: PartInput,
  open: () => Content,
  sums: ChecksumInput,
): Promise<{ part: UploadPart; upload: Upload; fields: Record<string, string> }> {
  checkPartNumber(input.PartNumber)
  const upload = findUpload(ctx, bucket, input)
  const key = await openKey(ctx, bucket, upload.encryption)
  const algorithm = sums.ChecksumAlgorithm ?? upload.checksumAlgorithm
  const body = {
    content: open(),
    key,
    contentMd5: input.ContentMD5,
    sums: { ...sums, ChecksumAlgorithm: algorithm },
  }
  return storeBody(ctx, body, ({ segment, etag, checksum }) => {
    checkAlgorithm(upload, checksum)
    findUpload(ctx, bucket, input)
    const part: UploadPart = {
      number: input.PartNumber,
      size: segment.size,
      etag,
      modified: ctx.cloud.clock.now(),
      segment: { ...segment, part: input.PartNumber, checksum: checksum?.value },
    }
    const table = partTable(ctx.cloud, bucket.name, upload.id)
    const replaced = table.get(partKey(part.number))
    table.put(partKey(part.number), part)
    if (replaced) discard(ctx, [replaced.segment])
    const { ChecksumType: _, ...fields } = checksumFields(checksum)
    return { part, upload, fields }
  })
}

/** AWS: all parts carry the checksum that the upload was begun with. */
function checkAlgorithm({ checksumAlgorithm: wanted }: Upload, checksum: Checksum | undefined): void {
  if (!checksum || wanted === undefined || checksum.algorithm === wanted) return
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${checksum.algorithm.toLowerCase()}`,
  )
}

export const uploadPart = operation({
  service: 's3',
  name: 'UploadPart',
  access: (input, ctx) => partAccess(ctx, bucketKind.find(ctx, input), input),
  run: async (input, ctx) => {
    refuseUnsupported(input, sseCustomerMembers)
    const open = () => (input.Body ?? '') as Content
    const { part, upload, fields } = await storePart(
      ctx,
      bucketKind.find(ctx, input),
      input,
      open,
      input as never,
    )
    return { ETag: `"${part.etag}"`, ...encryptionFields(upload.encryption), ...fields }
  },
})

export const uploadPartCopy = operation({
  service: 's3',
  name: 'UploadPartCopy',
  access: (input, ctx) => [
    ...copySourceAccess(ctx, input),
    ...partAccess(ctx, bucketKind.find(ctx, input), input),
  ],
  run: async (input, ctx) => {
    refuseUnsupported(input, sseCustomerMembers)
    const source = await openCopySource(ctx, input)
    checkCopySource(source.version, copySourceConditions(input))
    const range = copyRange(input.CopySourceRange, source.version.size)
    const open = () => bodiesOf(ctx.cloud).read(source.version.segments, range, source.key)
    const { part, upload, fields } = await storePart(ctx, bucketKind.find(ctx, input), input, open, {})
    return {
      CopySourceVersionId: source.versionId,
      CopyPartResult: { ETag: `"${part.etag}"`, LastModified: new Date(part.modified), ...fields },
      ...encryptionFields(upload.encryption),
    }
  },
})

/** AWS: a range to copy names both ends and lies within the source. */
function copyRange(header: string | undefined, size: number): { start: number; end: number } {
  if (header === undefined) return { start: 0, end: size - 1 }
  const match = /^bytes=\d+-(\d+)$/.exec(header)
  const range = match && parseRange(header, size)
  if (!range)
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    )
  if (Number(match[1]) < size) return range
  throw invalidArgument(
    `Range specified is not valid for source object of size: ${size}`,
    'x-amz-copy-source-range',
    header,
  )
}
