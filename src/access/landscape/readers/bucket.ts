/** AWS::S3::Bucket and AWS::S3::BucketPolicy. */
import { formatArn, resourcePolicyOf } from '../../../model/index.ts'
import { locatedPolicy, type ResourceReader, textOf } from '../gathering.ts'

type Settings = Readonly<Record<string, unknown>> | undefined

export const bucket: ResourceReader = {
  type: 'AWS::S3::Bucket',
  sameBy: 'name',
  read: ({ scope, logicalId, origin, properties, when }, into) => {
    const name = scope.nameOf(logicalId)
    const block = properties.PublicAccessBlockConfiguration as Settings
    const rules = (properties.BucketEncryption as Settings)?.ServerSideEncryptionConfiguration
    const rule = Array.isArray(rules) ? (rules[0] as Settings) : undefined
    const byDefault = rule?.ServerSideEncryptionByDefault as Settings
    const usesKms = textOf(byDefault?.SSEAlgorithm)?.startsWith('aws:kms') ?? false
    into.buckets.set(name, {
      name,
      when,
      account: origin.account,
      region: origin.region,
      origin,
      // AWS: new buckets block public access unless the template says otherwise.
      publicAccessBlock: {
        blockPublicPolicy: block === undefined || String(block.BlockPublicPolicy) === 'true',
        restrictPublicBuckets: block === undefined || String(block.RestrictPublicBuckets) === 'true',
      },
      versioned: (properties.VersioningConfiguration as Settings)?.Status === 'Enabled',
      key: usesKms ? (textOf(byDefault?.KMSMasterKeyID) ?? 'aws/s3') : undefined,
      bucketKey: String(rule?.BucketKeyEnabled) === 'true',
      ownership: ownershipOf(properties.OwnershipControls as Settings),
      tellsEvents: isTelling(properties.NotificationConfiguration as Settings),
    })
  },
}

/** AWS: since April 2023 a new bucket owns what is written into it, unless the template says otherwise. */
function ownershipOf(controls: Settings): string {
  const rule = Array.isArray(controls?.Rules) ? (controls.Rules[0] as Settings) : undefined
  return textOf(rule?.ObjectOwnership) ?? 'BucketOwnerEnforced'
}

/** AWS: an empty EventBridgeConfiguration tells them too; `EventBridgeEnabled` is true where it is left out. */
function isTelling(notifications: Settings): boolean {
  const bridge = notifications?.EventBridgeConfiguration as Settings
  return bridge !== undefined && String(bridge.EventBridgeEnabled ?? true) === 'true'
}

export const bucketPolicy: ResourceReader = {
  type: 'AWS::S3::BucketPolicy',
  sameBy: 'Bucket',
  read: ({ within, properties, values, when }, into) => {
    const name = textOf(properties.Bucket) ?? ''
    const ref = resourcePolicyOf(formatArn('s3', '', '', name))
    const policy = locatedPolicy(values.PolicyDocument, ref, within('PolicyDocument'), into, when && [when])
    if (policy) into.bucketPolicies.push({ bucket: name, policy })
  },
}
