/** AWS::KMS::Key, AWS::KMS::ReplicaKey and AWS::KMS::Alias. */
import { formatArn, resourcePolicyOf } from '../../../model/index.ts'
import { locatedPolicy, type ResourceReader, tagsIn, textOf } from '../gathering.ts'

const keyOfType = (type: string): ResourceReader => ({
  type,
  read: (resource, into) => {
    const { scope, logicalId, origin, within, properties, values, when } = resource
    const arn = scope.arnOf(logicalId)
    const { account, region } = origin
    into.keys.set(arn, {
      arn,
      when,
      account,
      region,
      origin,
      policy: locatedPolicy(
        values.KeyPolicy ?? defaultKeyPolicy(account),
        resourcePolicyOf(arn),
        within('KeyPolicy'),
        into,
      ),
      aliases: [],
      tags: tagsIn(resource),
      rotates: String(properties.EnableKeyRotation) === 'true',
    })
  },
})

/** AWS: a key that is made without a policy leaves everything to the account's identity policies. */
const defaultKeyPolicy = (account: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
  ],
})

export const key = keyOfType('AWS::KMS::Key')
export const replicaKey = keyOfType('AWS::KMS::ReplicaKey')

export const alias: ResourceReader = {
  type: 'AWS::KMS::Alias',
  read: ({ origin, properties }, into) => {
    const { account, region } = origin
    const name = textOf(properties.AliasName) ?? ''
    into.aliasTargets.push({
      alias: name,
      arn: formatArn('kms', region, account, name),
      key: textOf(properties.TargetKeyId) ?? '',
      account,
      region,
    })
  },
}
