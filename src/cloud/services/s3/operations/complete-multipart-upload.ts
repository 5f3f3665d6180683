/** s3:CompleteMultipartUpload. Makes an object out of uploaded parts, in the order the request lists them. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { createChecksum } from '../../../machine/checksum.ts'
import { bodiesOf } from '../engine/bodies.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { completionOf, rememberCompletion } from '../engine/completions.ts'
import { checkWrite } from '../engine/conditions.ts'
import { encryptionFields, openKey } from '../engine/encryption.ts'
import { invalidRequest, malformedXml } from '../engine/errors.ts'
import { announceCreated } from '../engine/events.ts'
import { checksumFields, knownAlgorithm } from '../engine/object-checksum.ts'
import { sseCustomerMembers } from '../engine/object-details.ts'
import { dropUpload, findUpload, partKey } from '../engine/uploads.ts'
import { addComposedVersion, shownVersionId } from '../engine/write-object.ts'
import { bucketKind, onKey } from '../kinds.ts'
import {
  type Checksum,
  partTable,
  type Segment,
  type Upload,
  type UploadPart,
  uploadTable,
} from '../state.ts'

/** AWS: every part but the last. */
const SMALLEST_PART = 5 * 1024 * 1024

interface ListedPart {
  readonly PartNumber?: number
  readonly ETag?: string
  readonly [checksum: string]: unknown
}

export const completeMultipartUpload = operation({
  service: 's3',
  name: 'CompleteMultipartUpload',
  access: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const context = {
      ...uploadTable(ctx.cloud, bucket.name).get(input.UploadId)?.conditions,
      ...completionOf(ctx, bucket.name, input)?.conditions,
      ...(input.IfMatch && { 's3:if-match': input.IfMatch }),
      ...(input.IfNoneMatch && { 's3:if-none-match': input.IfNoneMatch }),
    }
    const actions = input.IfMatch === undefined ? ['PutObject'] : ['PutObject', 'GetObject']
    return actions.map((action) => onKey(ctx, action, bucket, input.Key, context))
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, sseCustomerMembers)
    const bucket = bucketKind.find(ctx, input)
    const before = completionOf(ctx, bucket.name, input)
    if (before) return before.answer as never
    const upload = findUpload(ctx, bucket, input)
    const parts = listedParts(ctx, bucket.name, upload, (input.MultipartUpload?.Parts ?? []) as ListedPart[])
    const segments = parts.map((part) => part.segment)
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== size)
      throw invalidRequest(`The provided 'x-amz-mp-object-size' header does not match what was computed.`)
    // AWS: S3 reads the parts once more, so the caller must be allowed to decrypt them.
    const key = await openKey(ctx, bucket, upload.encryption)
    const checksum = await objectChecksum(ctx, upload, segments, size, key)
    checkStated(input as never, checksum)
    findUpload(ctx, bucket, input)
    checkWrite(objectsOf(ctx.cloud, bucket.name), input.Key, input)
    const { id, initiated, initiator, conditions, checksumAlgorithm, checksumType, ...details } = upload
    const version = addComposedVersion(ctx, bucketKind.find(ctx, input), details, {
      size,
      segments,
      etag: `${digestOf(parts)}-${parts.length}`,
      ...(checksum && { checksum }),
    })
    dropUpload(ctx, bucket.name, upload, segments)
    announceCreated(ctx, bucket, version, 'CompleteMultipartUpload')
    const answer = {
      Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(input.Key)}`,
      Bucket: bucket.name,
      Key: input.Key,
      ETag: `"${version.etag}"`,
      VersionId: shownVersionId(bucket, version),
      ...encryptionFields(version.encryption),
      ...checksumFields(checksum),
    }
    rememberCompletion(ctx, bucket.name, input, { conditions, answer })
    return answer
  },
})

/** AWS: the MD5 of the parts' MD5s. */
function digestOf(parts: readonly UploadPart[]): string {
  const hash = createHash('md5')
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'))
  return hash.digest('hex')
}

/** Errors: MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest for a missing checksum. */
function listedParts(
  ctx: Context,
  bucket: string,
  upload: Upload,
  listed: readonly ListedPart[],
): UploadPart[] {
  if (listed.length === 0) throw malformedXml()
  const table = partTable(ctx.cloud, bucket, upload.id)
  const parts = listed.map((one, index) => {
    const number = one.PartNumber ?? 0
    if (number <= (listed[index - 1]?.PartNumber ?? 0))
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { fields: { UploadId: upload.id } },
      )
    const part = table.get(partKey(number))
    if (part?.etag !== one.ETag?.replaceAll('"', '')) throw invalidPart(upload, one)
    if (part === undefined) throw invalidPart(upload, one)
    checkPartChecksum(upload, part, one)
    return part
  })
  const small = parts.slice(0, -1).find((part) => part.size < SMALLEST_PART)
  if (!small) return parts
  throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    fields: {
      ProposedSize: small.size,
      MinSizeAllowed: SMALLEST_PART,
      PartNumber: small.number,
      ETag: small.etag,
    },
  })
}

const invalidPart = (upload: Upload, { PartNumber, ETag }: ListedPart): AwsError =>
  new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { fields: { UploadId: upload.id, PartNumber, ETag } },
  )

function checkPartChecksum(upload: Upload, part: UploadPart, listed: ListedPart): void {
  const { checksumAlgorithm: algorithm, checksumType } = upload
  if (algorithm === undefined) return
  const stated = listed[`Checksum${algorithm}`]
  if (stated === undefined && checksumType === 'COMPOSITE')
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    )
  if (stated !== undefined && stated !== part.segment.checksum) throw invalidPart(upload, listed)
}

/** A composite checksum is one of the parts' checksums; the other kind reads the whole object. */
async function objectChecksum(
  ctx: Context,
  upload: Upload,
  segments: readonly Segment[],
  size: number,
  key: Uint8Array | undefined,
): Promise<Checksum | undefined> {
  if (upload.checksumAlgorithm === undefined) return undefined
  const algorithm = knownAlgorithm(upload.checksumAlgorithm)
  const running = createChecksum(algorithm)
  if (upload.checksumType === 'FULL_OBJECT') {
    for await (const chunk of bodiesOf(ctx.cloud).read(segments, { start: 0, end: size - 1 }, key))
      running.update(chunk)
    return { algorithm, value: running.digest().toString('base64'), type: 'FULL_OBJECT' }
  }
  for (const { checksum = '' } of segments) running.update(Buffer.from(checksum, 'base64'))
  return { algorithm, value: `${running.digest().toString('base64')}-${segments.length}`, type: 'COMPOSITE' }
}

/** Errors: BadDigest when the request states another checksum of the whole object. */
function checkStated(input: Readonly<Record<string, unknown>>, checksum: Checksum | undefined): void {
  if (!checksum) return
  const stated = input[`Checksum${checksum.algorithm}`]
  if (
    stated === undefined ||
    stated === checksum.value ||
    `${stated}-` === checksum.value.replace(/\d+$/, '')
  )
    return
  throw new AwsError(
    'BadDigest',
    `The ${checksum.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
  )
}
