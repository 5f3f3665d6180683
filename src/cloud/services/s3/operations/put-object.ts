/** s3:PutObject. Writes an object as the newest version of its key. */
import { operation } from '../../../kernel/operation.ts'
import type { Content } from '../engine/bodies.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { checkWrite } from '../engine/conditions.ts'
import { encryptionFields, seal } from '../engine/encryption.ts'
import { announceCreated } from '../engine/events.ts'
import { checksumFields } from '../engine/object-checksum.ts'
import { writeAccess, writeDetails } from '../engine/object-details.ts'
import { storeBody } from '../engine/store-body.ts'
import { addVersion, shownVersionId } from '../engine/write-object.ts'
import { bucketKind } from '../kinds.ts'

export const putObject = operation({
  service: 's3',
  name: 'PutObject',
  access: (input, ctx) => writeAccess(ctx, bucketKind.find(ctx, input), input),
  run: async (input, ctx) => {
    const asked = bucketKind.find(ctx, input)
    const details = writeDetails(ctx, asked, input)
    const { encryption, dataKey } = await seal(ctx, asked, input.Key, input)
    const content = (input.Body ?? '') as Content
    const body = { content, key: dataKey, contentMd5: input.ContentMD5, sums: input as never }
    return storeBody(ctx, body, (stored) => {
      // The bucket may have changed or gone while the body came in.
      const bucket = bucketKind.find(ctx, input)
      checkWrite(objectsOf(ctx.cloud, bucket.name), input.Key, input)
      const version = addVersion(ctx, bucket, { ...details, key: input.Key, encryption }, stored)
      announceCreated(ctx, bucket, version, 'Put')
      return {
        ETag: `"${version.etag}"`,
        VersionId: shownVersionId(bucket, version),
        ...encryptionFields(encryption),
        ...(input.SSEKMSEncryptionContext && { SSEKMSEncryptionContext: input.SSEKMSEncryptionContext }),
        ...checksumFields(stored.checksum),
      }
    })
  },
})
