/** AWS::S3::Bucket. */

import { AwsError } from '../../../../model/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  type ResourceOutcome,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { aspects } from './bucket-aspects.ts'

/** AWS: older regions spell the website endpoint with a hyphen before the region. */
const HYPHENATED = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'eu-west-1',
  'sa-east-1',
]

function outcome(name: string, { region }: ReadContext): ResourceOutcome {
  const separator = HYPHENATED.includes(region) ? '-' : '.'
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website${separator}${region}.amazonaws.com`,
    },
  }
}

async function configure(
  name: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  for (const { property, put, remove } of aspects) {
    const [now, before] = [properties[property], previous[property]]
    if (JSON.stringify(now) === JSON.stringify(before)) continue
    if (now === undefined) await remove(name, rc)
    else await put(name, now, rc)
  }
}

async function exists(name: string, rc: ResourceContext): Promise<boolean> {
  try {
    await rc.call('s3', 'HeadBucket', { Bucket: name })
    return true
  } catch (error) {
    return !isMissing(error)
  }
}

const isMissing = (error: unknown): boolean => error instanceof AwsError && error.code === 'NoSuchBucket'

export const bucket = resourceType({
  type: 'AWS::S3::Bucket',
  create: async (properties, rc) => {
    const name: string = properties.BucketName ?? rc.generateName()
    // AWS: a stack never takes over a bucket, not even in us-east-1 where CreateBucket would succeed.
    if (await exists(name, rc)) throw new AwsError('AlreadyExists', `${name} already exists`)
    await rc.call('s3', 'CreateBucket', {
      Bucket: name,
      ObjectOwnership: properties.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
      CreateBucketConfiguration:
        rc.region === 'us-east-1' ? undefined : { LocationConstraint: rc.region as never },
    })
    rc.made(name)
    // AWS: the handlers of the registry schema call s3:PutBucketTagging; tags in CreateBucket itself take s3:TagResource.
    const TagSet = tagList(resourceTags(properties, rc))
    if (TagSet.length > 0) await rc.call('s3', 'PutBucketTagging', { Bucket: name, Tagging: { TagSet } })
    await configure(name, properties, { OwnershipControls: properties.OwnershipControls }, rc)
    return outcome(name, rc)
  },
  update: async (name, properties, previous, rc) => {
    await rc.call('s3', 'HeadBucket', { Bucket: name })
    const { gone, changed } = tagChange(properties, previous, rc)
    // AWS: the call replaces all tags of the bucket; CloudFormation's own are always among them.
    if (gone.length || hasTags(changed)) {
      const TagSet = tagList(resourceTags(properties, rc))
      await rc.call('s3', 'PutBucketTagging', { Bucket: name, Tagging: { TagSet } })
    }
    await configure(name, properties, previous, rc)
    return outcome(name, rc)
  },
  read: async (name, rc) =>
    (await unlessAbsent(rc.call('s3', 'HeadBucket', { Bucket: name }), 'NoSuchBucket')) && outcome(name, rc),
  delete: async (name, _properties, rc) => {
    try {
      await rc.call('s3', 'HeadBucket', { Bucket: name })
      await rc.call('s3', 'DeleteBucket', { Bucket: name })
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
})
