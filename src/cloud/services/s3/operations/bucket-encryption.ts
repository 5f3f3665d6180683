/** s3:PutBucketEncryption, GetBucketEncryption, DeleteBucketEncryption: what objects get that ask for no encryption. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { malformedXml } from '../engine/errors.ts'
import { bucketKind } from '../kinds.ts'
import type { Algorithm } from '../state.ts'

const ALGORITHMS: readonly string[] = ['AES256', 'aws:kms', 'aws:kms:dsse']

export const putBucketEncryption = operation({
  service: 's3',
  name: 'PutBucketEncryption',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutEncryptionConfiguration', input)],
  run: (input, ctx) => {
    const [rule, ...others] = input.ServerSideEncryptionConfiguration.Rules
    const asked = rule?.ApplyServerSideEncryptionByDefault
    if (!rule || others.length > 0 || !ALGORITHMS.includes(asked?.SSEAlgorithm ?? 'AES256'))
      throw malformedXml()
    refuseUnsupported(rule, ['BlockedEncryptionTypes'])
    const algorithm = (asked?.SSEAlgorithm ?? 'AES256') as Algorithm
    const key = asked?.KMSMasterKeyID || undefined
    if (key !== undefined && algorithm === 'AES256')
      throw new AwsError(
        'InvalidArgument',
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      )
    // AWS: the key is not looked at here; one that does not exist fails the first upload.
    bucketKind.change(ctx, input, {
      encryption: { algorithm, key, bucketKey: rule.BucketKeyEnabled ?? false },
    })
    return {}
  },
})

export const getBucketEncryption = operation({
  service: 's3',
  name: 'GetBucketEncryption',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetEncryptionConfiguration', input)],
  run: (input, ctx) => {
    const { algorithm, key, bucketKey } = bucketKind.find(ctx, input).encryption
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: key },
      BucketKeyEnabled: bucketKey,
    }
    return { ServerSideEncryptionConfiguration: { Rules: [rule] } }
  },
})

export const deleteBucketEncryption = operation({
  service: 's3',
  name: 'DeleteBucketEncryption',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutEncryptionConfiguration', input)],
  run: (input, ctx) => {
    // AWS: without a configuration of its own a bucket encrypts with AES256.
    bucketKind.change(ctx, input, { encryption: { algorithm: 'AES256', bucketKey: false } })
    return {}
  },
})
