/** s3:PutObject. Writes an object as the newest version of its key. */
import { AwsError } from '../../../model/index.ts'
import { operation } from '../../operation.ts'
import { bodiesOf, type Content } from './bodies.ts'
import { findBucket } from './bucket-access.ts'
import { objectsOf } from './bucket-objects.ts'
import { checkWrite } from './conditions.ts'
import { encryptionFields, seal } from './encryption.ts'
import { announceCreated } from './events.ts'
import { ChecksumWatch, checksumFields } from './object-checksum.ts'
import { writeAccess, writeDetails } from './object-details.ts'
import { addVersion, shownVersionId } from './write-object.ts'

/** AWS: 5 GiB in one request. */
export const PUT_LIMIT = 5 * 1024 ** 3

export const entityTooLarge = (): AwsError =>
  new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    fields: { MaxSizeAllowed: PUT_LIMIT },
  })

export const putObject = operation({
  service: 's3',
  name: 'PutObject',
  access: (input, ctx) => writeAccess(ctx, findBucket(input, ctx), input),
  run: async (input, ctx) => {
    const asked = findBucket(input, ctx)
    const details = writeDetails(ctx, asked, input)
    const { encryption, dataKey } = await seal(ctx, asked, input.Key, input)
    const body = (input.Body ?? '') as Content
    const watch = new ChecksumWatch(input as never, body)
    const bodies = bodiesOf(ctx.cloud)
    const written = await bodies.write(body, {
      key: dataKey,
      md5: !dataKey || input.ContentMD5 !== undefined,
      inspect: watch.inspect,
      limit: PUT_LIMIT,
      tooLarge: entityTooLarge,
    })
    const { segment, md5 } = written
    try {
      const checksum = watch.result()
      checkMd5(input.ContentMD5, md5)
      // The bucket may have changed or gone while the body came in.
      const bucket = findBucket(input, ctx)
      checkWrite(objectsOf(ctx.cloud, bucket.name), input.Key, input)
      const version = addVersion(ctx, bucket, {
        ...details,
        key: input.Key,
        encryption,
        ...(checksum && { checksum }),
        size: segment.size,
        segments: segment.size > 0 ? [segment] : [],
        etag: dataKey ? opaqueTag(ctx) : md5!,
      })
      announceCreated(ctx, bucket, version, 'Put')
      return {
        ETag: `"${version.etag}"`,
        VersionId: shownVersionId(bucket, version),
        ...encryptionFields(encryption),
        ...(input.SSEKMSEncryptionContext && { SSEKMSEncryptionContext: input.SSEKMSEncryptionContext }),
        ...checksumFields(checksum),
      }
    } catch (error) {
      await bodies.remove([segment])
      throw error
    }
  },
})

/** AWS: the entity tag of an object under KMS is not the MD5 of its content. */
export const opaqueTag = (ctx: { cloud: { ids: { uuid(): string } } }): string =>
  ctx.cloud.ids.uuid().replaceAll('-', '')

/** Errors: BadDigest when a stated MD5 (base64) is not the content's (hexadecimal). */
export function checkMd5(stated: string | undefined, md5: string | undefined): void {
  if (stated === undefined || md5 === undefined) return
  if (Buffer.from(stated, 'base64').toString('hex') !== md5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
}
