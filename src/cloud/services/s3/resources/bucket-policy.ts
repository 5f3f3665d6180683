/** AWS::S3::BucketPolicy. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

/** A template may hold the document as an object or as JSON text. */
const policyText = ({ PolicyDocument: document }: Properties): string =>
  typeof document === 'string' ? document : JSON.stringify(document)

async function hasPolicy(bucket: string, rc: ResourceContext): Promise<boolean> {
  try {
    await rc.call('s3', 'GetBucketPolicy', { Bucket: bucket })
    return true
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchBucketPolicy') return false
    throw error
  }
}

export const bucketPolicy = resourceType({
  type: 'AWS::S3::BucketPolicy',
  create: async (properties, rc) => {
    const bucket: string = properties.Bucket
    // AWS: a bucket has one policy, and a stack does not take over another's.
    if (await hasPolicy(bucket, rc))
      throw new AwsError('AlreadyExists', `The bucket policy already exists on bucket ${bucket}.`)
    await rc.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: policyText(properties) })
    return { physicalId: bucket }
  },
  update: async (bucket, properties, _previous, rc) => {
    await hasPolicy(bucket, rc)
    await rc.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: policyText(properties) })
    return { physicalId: bucket }
  },
  current: async (bucket, _declared, rc) => {
    const absent = ['NoSuchBucket', 'NoSuchBucketPolicy']
    const found = await rc.call('s3', 'GetBucketPolicy', { Bucket: bucket }).catch((error: unknown) => {
      if (error instanceof AwsError && absent.includes(error.code)) return undefined
      throw error
    })
    return found && { Bucket: bucket, PolicyDocument: JSON.parse(found.Policy ?? '{}') }
  },
  delete: async (bucket, _properties, rc) => {
    try {
      if (!(await hasPolicy(bucket, rc))) return
      await rc.call('s3', 'DeleteBucketPolicy', { Bucket: bucket })
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'NoSuchBucket') throw error
    }
  },
})
