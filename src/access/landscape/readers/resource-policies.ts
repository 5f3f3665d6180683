/** Policies and keys of topics, policies of image repositories and secrets. */
import { resourcePolicyOf } from '../../../model/index.ts'
import { locatedPolicy, type ResourceReader, textOf, textsOf } from '../gathering.ts'

export const topicPolicy: ResourceReader = {
  type: 'AWS::SNS::TopicPolicy',
  sameBy: 'Topics',
  read: ({ within, properties, values, when }, into) => {
    for (const topic of textsOf(properties.Topics)) {
      const policy = locatedPolicy(
        values.PolicyDocument,
        resourcePolicyOf(topic, 'sns'),
        within('PolicyDocument'),
        into,
        when && [when],
      )
      if (policy) into.resourcePolicies.set(topic, policy)
    }
  },
}

export const topic: ResourceReader = {
  type: 'AWS::SNS::Topic',
  sameBy: 'name',
  read: ({ scope, logicalId, properties }, into) => {
    const arn = scope.arnOf(logicalId)
    into.topics.add(arn)
    const key = textOf(properties.KmsMasterKeyId)
    if (key) into.topicKeys.set(arn, key)
  },
}

export const imageRepository: ResourceReader = {
  type: 'AWS::ECR::Repository',
  sameBy: 'name',
  read: ({ scope, logicalId, within, values, when }, into) => {
    const arn = scope.arnOf(logicalId)
    into.made.add(arn)
    const policy = locatedPolicy(
      values.RepositoryPolicyText,
      resourcePolicyOf(arn),
      within('RepositoryPolicyText'),
      into,
      when && [when],
    )
    if (policy) into.resourcePolicies.set(arn, policy)
  },
}

export const secretPolicy: ResourceReader = {
  type: 'AWS::SecretsManager::ResourcePolicy',
  sameBy: 'SecretId',
  read: ({ within, properties, values, when }, into) => {
    const secret = textOf(properties.SecretId) ?? ''
    const policy = locatedPolicy(
      values.ResourcePolicy,
      resourcePolicyOf(secret, 'secretsmanager'),
      within('ResourcePolicy'),
      into,
      when && [when],
    )
    if (policy) into.resourcePolicies.set(secret, policy)
  },
}
