/** s3:CopyObject. Writes an object with the bytes of another one, encrypted anew. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { bodiesOf } from '../engine/bodies.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { checkCopySource, checkWrite } from '../engine/conditions.ts'
import {
  type CopySource,
  copySourceAccess,
  copySourceConditions,
  openCopySource,
  parseCopySource,
} from '../engine/copy-source.ts'
import { encryptionFields, seal } from '../engine/encryption.ts'
import { invalidArgument, invalidRequest } from '../engine/errors.ts'
import { announceCreated } from '../engine/events.ts'
import { checksumFields, knownAlgorithm } from '../engine/object-checksum.ts'
import { writeAccess, writeDetails } from '../engine/object-details.ts'
import { storeBody } from '../engine/store-body.ts'
import { addVersion, shownVersionId } from '../engine/write-object.ts'
import { bucketKind, objectKind } from '../kinds.ts'
import { type Bucket, bucketTable, type ObjectDetails } from '../state.ts'

type CopyRequest = Input<'s3', 'CopyObject'>

const sourceCustomerMembers = [
  'CopySourceSSECustomerAlgorithm',
  'CopySourceSSECustomerKey',
  'CopySourceSSECustomerKeyMD5',
]

export const copyObject = operation({
  service: 's3',
  name: 'CopyObject',
  access: (input, ctx) => {
    const named = parseCopySource(input.CopySource)
    const context = {
      's3:x-amz-copy-source': `${named.Bucket}/${named.Key}`,
      ...(input.MetadataDirective && { 's3:x-amz-metadata-directive': input.MetadataDirective }),
    }
    const tags = directive(input.TaggingDirective, 'x-amz-tagging-directive') === 'COPY'
    return [
      ...copySourceAccess(ctx, input, { tags }),
      ...writeAccess(ctx, bucketKind.find(ctx, input), { ...input, Tagging: tagging(ctx, input) }, context),
    ]
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, sourceCustomerMembers)
    const asked = bucketKind.find(ctx, input)
    checkChangesSomething(input)
    const source = await openCopySource(ctx, input)
    checkCopySource(source.version, copySourceConditions(input))
    const details = copiedDetails(ctx, asked, input, source)
    const algorithm = input.ChecksumAlgorithm && knownAlgorithm(input.ChecksumAlgorithm)
    const { encryption, dataKey } = await seal(ctx, asked, input.Key, input)
    const { segments, size, checksum } = source.version
    const body = {
      content: bodiesOf(ctx.cloud).read(segments, { start: 0, end: size - 1 }, source.key),
      key: dataKey,
      // AWS: the copy gets a checksum of the source's kind unless another is asked for.
      sums: { ChecksumAlgorithm: algorithm ?? checksum?.algorithm },
    }
    return storeBody(ctx, body, (stored) => {
      const bucket = bucketKind.find(ctx, input)
      checkWrite(objectsOf(ctx.cloud, bucket.name), input.Key, input)
      const version = addVersion(ctx, bucket, { ...details, key: input.Key, encryption }, stored)
      announceCreated(ctx, bucket, version, 'Copy')
      return {
        CopyObjectResult: {
          ETag: `"${version.etag}"`,
          LastModified: new Date(version.modified),
          ...checksumFields(stored.checksum),
        },
        CopySourceVersionId: source.versionId,
        VersionId: shownVersionId(bucket, version),
        ...encryptionFields(encryption),
      }
    })
  },
})

function directive(asked: string | undefined, header: string): 'COPY' | 'REPLACE' {
  if (asked === undefined || asked === 'COPY') return 'COPY'
  if (asked === 'REPLACE') return asked
  throw invalidArgument('Unknown metadata directive.', header, asked)
}

/** The tags the copy gets, as the tagging header would say them. AWS: the header counts only with REPLACE. */
function tagging(ctx: Context, input: CopyRequest): string | undefined {
  if (directive(input.TaggingDirective, 'x-amz-tagging-directive') === 'REPLACE') return input.Tagging
  const named = parseCopySource(input.CopySource)
  const bucket = bucketTable(ctx.cloud).get(named.Bucket)
  const tags = (bucket && objectKind.lookUp(ctx, [bucket, named])?.tags) ?? []
  return tags.length > 0
    ? String(new URLSearchParams(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))))
    : undefined
}

/** AWS: metadata comes from the source unless it is replaced; class, ACL and website redirect are always the request's. */
function copiedDetails(
  ctx: Context,
  bucket: Bucket,
  input: CopyRequest,
  { version }: CopySource,
): Omit<ObjectDetails, 'encryption'> {
  const isReplaced = directive(input.MetadataDirective, 'x-amz-metadata-directive') === 'REPLACE'
  const details = writeDetails(ctx, bucket, { ...input, Tagging: tagging(ctx, input) })
  if (isReplaced) return details
  const { WebsiteRedirectLocation } = details.system
  return { ...details, system: { ...version.system, WebsiteRedirectLocation }, metadata: version.metadata }
}

/** AWS: copying an object onto itself is refused unless something about it changes. */
function checkChangesSomething(input: CopyRequest): void {
  const { Bucket: bucket, Key, VersionId } = parseCopySource(input.CopySource)
  const isSame = bucket === input.Bucket && Key === input.Key && VersionId === undefined
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.TaggingDirective === 'REPLACE' ||
    input.StorageClass ||
    input.ServerSideEncryption ||
    input.WebsiteRedirectLocation ||
    input.ChecksumAlgorithm
  if (isSame && !changes)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
}
