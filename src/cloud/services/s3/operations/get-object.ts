/** s3:GetObject and s3:HeadObject: an object's bytes, and what is known of it. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { bodiesOf } from '../engine/bodies.ts'
import { type ByteRange, wantedBytes } from '../engine/byte-range.ts'
import { checkRead, type ReadConditions } from '../engine/conditions.ts'
import { encryptionFields, openKey } from '../engine/encryption.ts'
import { invalidRequest } from '../engine/errors.ts'
import { findObject, readAccess } from '../engine/find-object.ts'
import { checksumFields } from '../engine/object-checksum.ts'
import { sseCustomerMembers } from '../engine/object-details.ts'
import { shownVersionId } from '../engine/write-object.ts'
import { bucketKind } from '../kinds.ts'
import type { Bucket, ObjectVersion } from '../state.ts'

const READ = { plain: 'GetObject', version: 'GetObjectVersion' }

interface ReadInput extends ReadConditions {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
  readonly ExpectedBucketOwner?: string
  readonly Range?: string
  readonly PartNumber?: number
  readonly ChecksumMode?: string
}

export const getObject = operation({
  service: 's3',
  name: 'GetObject',
  access: (input, ctx) => [readAccess(ctx, bucketKind.find(ctx, input), input, READ)],
  run: async (input, ctx) => {
    const { bucket, version, range } = await find(input, ctx)
    const key = await openKey(ctx, bucket, version.encryption)
    return { ...answer(bucket, version, range, input), Body: body(ctx, version, range, key) as never }
  },
})

export const headObject = operation({
  service: 's3',
  name: 'HeadObject',
  access: (input, ctx) => [readAccess(ctx, bucketKind.find(ctx, input), input, READ)],
  run: async (input, ctx) => {
    const { bucket, version, range } = await find(input, ctx)
    // AWS: a checksum of an object under KMS is shown only to who may decrypt it.
    if (input.ChecksumMode === 'ENABLED') await openKey(ctx, bucket, version.encryption)
    return answer(bucket, version, range, input)
  },
})

async function find(
  input: ReadInput,
  ctx: Context,
): Promise<{ bucket: Bucket; version: ObjectVersion; range: ByteRange }> {
  refuseUnsupported(input, sseCustomerMembers)
  const overrides = Object.keys(input).some((name) => name.startsWith('Response'))
  if (overrides && ctx.identity.kind === 'anonymous')
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')
  const bucket = bucketKind.find(ctx, input)
  const version = await findObject(ctx, bucket, input)
  checkRead(version, input)
  return { bucket, version, range: wantedBytes(version, input) }
}

/**
 * Gives the bytes: a buffer for small objects, a stream for others. Both can be iterated with `for await`,
 * which is how other services read them.
 */
function body(ctx: Context, version: ObjectVersion, range: ByteRange, key: Uint8Array | undefined): unknown {
  const bodies = bodiesOf(ctx.cloud)
  const inline = bodies.readInline(version.segments, range, key)
  if (!inline) return bodies.read(version.segments, range, key)
  return Object.assign(inline, {
    async *[Symbol.asyncIterator]() {
      if (inline.length > 0) yield inline
    },
  })
}

function answer(bucket: Bucket, version: ObjectVersion, range: ByteRange, input: ReadInput) {
  const { system } = version
  const override = input as unknown as Record<string, string | Date | undefined>
  const header = (name: keyof typeof system) => override[`Response${name}`] ?? system[name]
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.modified),
    ContentLength: range.end - range.start + 1,
    ContentRange: range.contentRange,
    ETag: `"${version.etag}"`,
    VersionId: shownVersionId(bucket, version),
    CacheControl: header('CacheControl') as string | undefined,
    ContentDisposition: header('ContentDisposition') as string | undefined,
    ContentEncoding: header('ContentEncoding') as string | undefined,
    ContentLanguage: header('ContentLanguage') as string | undefined,
    ContentType: header('ContentType') as string | undefined,
    Expires: header('Expires') as Date | undefined,
    WebsiteRedirectLocation: system.WebsiteRedirectLocation,
    Metadata: { ...version.metadata },
    // AWS: the standard class goes without saying.
    StorageClass: version.storageClass === 'STANDARD' ? undefined : (version.storageClass as never),
    TagCount: version.tags.length || undefined,
    PartsCount: partsCount(version, input),
    ...encryptionFields(version.encryption),
    ...(input.ChecksumMode === 'ENABLED' ? shownChecksum(version, range, input) : {}),
  }
}

const partsCount = ({ segments }: ObjectVersion, { PartNumber }: ReadInput): number | undefined =>
  PartNumber !== undefined && segments[0]?.part !== undefined ? segments.length : undefined

/** AWS: a range carries no checksum, since the one of the object does not fit it; a part carries its own. */
function shownChecksum(version: ObjectVersion, range: ByteRange, input: ReadInput): Record<string, string> {
  const { checksum, segments } = version
  if (!checksum || range.contentRange === undefined) return checksumFields(checksum)
  const value = input.PartNumber === undefined ? undefined : segments[input.PartNumber - 1]?.checksum
  return value === undefined ? {} : checksumFields({ ...checksum, value })
}
