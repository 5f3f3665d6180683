/** AWS::SecretsManager::Secret. */

import { AwsError, readJson } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const TYPE = 'AWS::SecretsManager::Secret'

/** AWS: with a template the password goes into its JSON under GenerateStringKey. */
async function generated(given: Properties, rc: ResourceContext): Promise<string> {
  const { SecretStringTemplate, GenerateStringKey, ...rules } = given
  const { RandomPassword } = await rc.call('secretsmanager', 'GetRandomPassword', rules)
  if (SecretStringTemplate === undefined) return RandomPassword!
  return JSON.stringify({ ...objectOf(SecretStringTemplate), [GenerateStringKey]: RandomPassword })
}

function objectOf(template: unknown): object {
  try {
    const value = readJson(String(template))
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new AwsError('InvalidRequest', 'SecretStringTemplate must be a JSON object.')
}

async function secretString(properties: Properties, rc: ResourceContext): Promise<string | undefined> {
  const { SecretString, GenerateSecretString } = properties
  return GenerateSecretString ? generated(GenerateSecretString, rc) : SecretString
}

const outcome = (arn: string) => ({ physicalId: arn, attributes: { Id: arn } })

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const secret = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const Tags = tagList(resourceTags(properties, rc))
    const { ARN } = await rc.call('secretsmanager', 'CreateSecret', {
      Name: properties.Name ?? rc.generateName(),
      Description: properties.Description,
      KmsKeyId: properties.KmsKeyId,
      SecretString: await secretString(properties, rc),
      ...(Tags.length ? { Tags } : {}),
    })
    rc.made(ARN!)
    await rc.call('secretsmanager', 'DescribeSecret', { SecretId: ARN! })
    return outcome(ARN!)
  },
  update: async (arn, properties, previous, rc) => {
    const isNew =
      !same(properties.SecretString, previous.SecretString) ||
      !same(properties.GenerateSecretString, previous.GenerateSecretString)
    await rc.call('secretsmanager', 'UpdateSecret', {
      SecretId: arn,
      Description: properties.Description,
      KmsKeyId: properties.KmsKeyId,
      SecretString: isNew ? await secretString(properties, rc) : undefined,
    })
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('secretsmanager', 'UntagResource', { SecretId: arn, TagKeys: gone })
    if (hasTags(changed))
      await rc.call('secretsmanager', 'TagResource', { SecretId: arn, Tags: tagList(changed) })
    return outcome(arn)
  },
  read: async (SecretId, rc) => {
    const described = rc.call('secretsmanager', 'DescribeSecret', { SecretId })
    return (await unlessAbsent(described, 'ResourceNotFoundException')) && outcome(SecretId)
  },
  delete: async (arn, _properties, rc) => {
    try {
      await rc.call('secretsmanager', 'DescribeSecret', { SecretId: arn })
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return
      throw error
    }
    await rc.call('secretsmanager', 'DeleteSecret', { SecretId: arn, ForceDeleteWithoutRecovery: true })
  },
})
