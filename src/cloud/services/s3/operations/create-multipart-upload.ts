/** s3:CreateMultipartUpload. Begins an upload in parts, and fixes everything of the object but its bytes. */
import { operation } from '../../../kernel/operation.ts'
import { encryptionConditions, encryptionFields, seal } from '../engine/encryption.ts'
import { invalidRequest } from '../engine/errors.ts'
import { knownAlgorithm } from '../engine/object-checksum.ts'
import { writeAccess, writeDetails } from '../engine/object-details.ts'
import { bucketKind } from '../kinds.ts'
import { type Upload, uploadTable } from '../state.ts'

type ChecksumType = NonNullable<Upload['checksumType']>

export const createMultipartUpload = operation({
  service: 's3',
  name: 'CreateMultipartUpload',
  access: (input, ctx) => writeAccess(ctx, bucketKind.find(ctx, input), input),
  run: async (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const details = writeDetails(ctx, bucket, input)
    const checksum = checksumPlan(input.ChecksumAlgorithm, input.ChecksumType)
    const { encryption } = await seal(ctx, bucket, input.Key, input)
    const { ids, clock } = ctx.cloud
    const upload: Upload = {
      ...details,
      ...checksum,
      encryption,
      id: ids.mixed(64),
      key: input.Key,
      initiated: clock.now(),
      initiator: ctx.identity.arn,
      conditions: encryptionConditions(input),
    }
    uploadTable(ctx.cloud, bucket.name).put(upload.id, upload)
    return {
      Bucket: bucket.name,
      Key: input.Key,
      UploadId: upload.id,
      ChecksumAlgorithm: checksum.checksumAlgorithm as never,
      ChecksumType: checksum.checksumType,
      ...encryptionFields(encryption),
    }
  },
})

/** AWS: SHA checksums of parts can only be composed, CRC64NVME only covers the whole, the other CRCs do either. */
function checksumPlan(
  asked: string | undefined,
  type: string | undefined,
): { checksumAlgorithm?: string; checksumType?: ChecksumType } {
  if (asked === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      )
    return {}
  }
  const algorithm = knownAlgorithm(asked)
  const natural = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'
  const wanted = type ?? natural
  const isPossible = wanted === natural || (wanted === 'FULL_OBJECT' && algorithm.startsWith('CRC'))
  if (isPossible) return { checksumAlgorithm: algorithm, checksumType: wanted as ChecksumType }
  throw invalidRequest(
    `The ${wanted} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  )
}
