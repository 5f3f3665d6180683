/** s3:GetObjectAttributes: chosen facts of an object, its parts among them. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { invalidArgument } from '../engine/errors.ts'
import { findObject, readAccess } from '../engine/find-object.ts'
import { pageSize } from '../engine/listing.ts'
import { checksumFields } from '../engine/object-checksum.ts'
import { sseCustomerMembers } from '../engine/object-details.ts'
import { shownVersionId } from '../engine/write-object.ts'
import { bucketKind } from '../kinds.ts'
import type { ObjectVersion } from '../state.ts'

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']

export const getObjectAttributes = operation({
  service: 's3',
  name: 'GetObjectAttributes',
  access: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    return [
      readAccess(ctx, bucket, input, { plain: 'GetObject', version: 'GetObjectVersion' }),
      readAccess(ctx, bucket, input, {
        plain: 'GetObjectAttributes',
        version: 'GetObjectVersionAttributes',
      }),
    ]
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, sseCustomerMembers)
    const asked: readonly string[] = input.ObjectAttributes
    const unknown = asked.find((one) => !ATTRIBUTES.includes(one))
    if (unknown !== undefined)
      throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown)
    const bucket = bucketKind.find(ctx, input)
    const version = await findObject(ctx, bucket, input)
    const { checksum } = version
    return {
      LastModified: new Date(version.modified),
      VersionId: shownVersionId(bucket, version),
      ...(asked.includes('ETag') && { ETag: version.etag }),
      ...(asked.includes('Checksum') && checksum && { Checksum: checksumFields(checksum) }),
      ...(asked.includes('ObjectParts') && { ObjectParts: objectParts(version, input) }),
      ...(asked.includes('StorageClass') && { StorageClass: version.storageClass as never }),
      ...(asked.includes('ObjectSize') && { ObjectSize: version.size }),
    }
  },
})

/** AWS: the single parts are listed only where they have checksums of their own. */
function objectParts(version: ObjectVersion, input: { MaxParts?: number; PartNumberMarker?: string }) {
  const { segments, checksum } = version
  if (segments[0]?.part === undefined) return undefined
  if (checksum?.type !== 'COMPOSITE') return { TotalPartsCount: segments.length }
  const limit = pageSize(input.MaxParts, 'x-amz-max-parts')
  const after = Number(input.PartNumberMarker ?? 0)
  const page = segments.slice(after, after + limit)
  const end = after + page.length
  return {
    TotalPartsCount: segments.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(end),
    MaxParts: limit,
    IsTruncated: end < segments.length,
    Parts: page.map((segment, index) => ({
      PartNumber: after + index + 1,
      Size: segment.size,
      [`Checksum${checksum.algorithm}`]: segment.checksum,
    })),
  }
}
