/** s3:AbortMultipartUpload, ListParts, ListMultipartUploads. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { keyEncoder, pageSize } from '../engine/listing.ts'
import { compareKeys } from '../engine/sorted-keys.ts'
import { dropUpload, findUpload, partsOf } from '../engine/uploads.ts'
import { bucketKind, onKey } from '../kinds.ts'
import { type Upload, uploadTable } from '../state.ts'
import { canonicalUser } from './buckets.ts'

export const abortMultipartUpload = operation({
  service: 's3',
  name: 'AbortMultipartUpload',
  access: (input, ctx) => [onKey(ctx, 'AbortMultipartUpload', bucketKind.find(ctx, input), input.Key)],
  run: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    dropUpload(ctx, bucket.name, findUpload(ctx, bucket, input))
    return {}
  },
})

const people = (upload: Upload) => ({
  Initiator: {
    ID: upload.initiator,
    DisplayName: upload.initiator.slice(upload.initiator.lastIndexOf('/') + 1),
  },
  Owner: { ID: canonicalUser(upload.owner) },
})

export const listParts = operation({
  service: 's3',
  name: 'ListParts',
  access: (input, ctx) => [onKey(ctx, 'ListMultipartUploadParts', bucketKind.find(ctx, input), input.Key)],
  run: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const upload = findUpload(ctx, bucket, input)
    const limit = pageSize(input.MaxParts, 'max-parts')
    const after = Number(input.PartNumberMarker ?? 0)
    const left = partsOf(ctx, bucket.name, upload).filter((part) => part.number > after)
    const page = left.slice(0, limit)
    const { checksumAlgorithm: algorithm } = upload
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(after),
      NextPartNumberMarker: page.length > 0 ? String(page.at(-1)!.number) : undefined,
      MaxParts: limit,
      IsTruncated: left.length > page.length,
      StorageClass: upload.storageClass as never,
      ChecksumAlgorithm: algorithm as never,
      ChecksumType: upload.checksumType,
      ...people(upload),
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.modified),
        ETag: `"${part.etag}"`,
        Size: part.size,
        ...(algorithm && { [`Checksum${algorithm}`]: part.segment.checksum }),
      })),
    }
  },
})

interface UploadsInput {
  readonly Prefix?: string
  readonly Delimiter?: string
  readonly KeyMarker?: string
  readonly UploadIdMarker?: string
}

/** AWS: uploads stand in order of key, and of time within a key. */
function uploadsInOrder(
  ctx: Context,
  bucket: string,
  { Prefix = '', KeyMarker = '', UploadIdMarker }: UploadsInput,
) {
  const all = uploadTable(ctx.cloud, bucket)
    .values()
    .filter((one) => one.key.startsWith(Prefix))
    .sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated || (a.id < b.id ? -1 : 1))
  const marker = all.findIndex((one) => one.key === KeyMarker && one.id === UploadIdMarker)
  if (marker >= 0) return all.slice(marker + 1)
  return KeyMarker === '' ? all : all.filter((one) => compareKeys(one.key, KeyMarker) > 0)
}

type Entry = { readonly upload: Upload } | { readonly prefix: string }

/** Uploads of keys with a common prefix are one entry, as in every list of S3. */
function entries(
  uploads: readonly Upload[],
  { Prefix = '', Delimiter = '', KeyMarker = '' }: UploadsInput,
): Entry[] {
  const found: Entry[] = []
  let last: string | undefined
  for (const upload of uploads) {
    const end = Delimiter === '' ? -1 : upload.key.indexOf(Delimiter, Prefix.length)
    const prefix = end < 0 ? undefined : upload.key.slice(0, end + Delimiter.length)
    if (prefix === undefined) found.push({ upload })
    else if (prefix !== last && !KeyMarker.startsWith(prefix)) found.push({ prefix })
    last = prefix
  }
  return found
}

export const listMultipartUploads = operation({
  service: 's3',
  name: 'ListMultipartUploads',
  access: (input, ctx) => [
    bucketKind.on(ctx, 'ListBucketMultipartUploads', input, {
      ...(input.Prefix !== undefined && { 's3:prefix': input.Prefix }),
      ...(input.Delimiter !== undefined && { 's3:delimiter': input.Delimiter }),
    }),
  ],
  run: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const limit = pageSize(input.MaxUploads, 'max-uploads')
    const encode = keyEncoder(input.EncodingType)
    const all = entries(uploadsInOrder(ctx, bucket.name, input), input)
    const page = all.slice(0, limit)
    const truncated = all.length > page.length && limit > 0
    return {
      Bucket: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      KeyMarker: encode(input.KeyMarker ?? ''),
      UploadIdMarker: input.UploadIdMarker ?? '',
      MaxUploads: limit,
      EncodingType: input.EncodingType,
      IsTruncated: truncated,
      ...(truncated && nextMarkers(page.at(-1)!, encode)),
      Uploads: page.flatMap((entry) => ('upload' in entry ? [shown(entry.upload, encode)] : [])),
      CommonPrefixes: page.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [])),
    }
  },
})

const nextMarkers = (last: Entry, encode: (text: string) => string) =>
  'prefix' in last
    ? { NextKeyMarker: encode(last.prefix) }
    : { NextKeyMarker: encode(last.upload.key), NextUploadIdMarker: last.upload.id }

const shown = (upload: Upload, encode: (text: string) => string) => ({
  UploadId: upload.id,
  Key: encode(upload.key),
  Initiated: new Date(upload.initiated),
  StorageClass: upload.storageClass as never,
  ChecksumAlgorithm: upload.checksumAlgorithm as never,
  ChecksumType: upload.checksumType,
  ...people(upload),
})
