/** Policies and keys of topics, policies of image repositories and secrets. */
import { locatedPolicy, type ResourceReader, textOf, textsOf } from '../gathering.ts'
import { physicalArn } from '../physical-id.ts'

export const topicPolicy: ResourceReader = {
  type: 'AWS::SNS::TopicPolicy',
  read: ({ within, properties }, into) => {
    for (const topic of textsOf(properties.Topics)) {
      const policy = locatedPolicy(
        properties.PolicyDocument,
        `topic policy of ${topic}`,
        within('PolicyDocument'),
        into,
      )
      if (policy) into.resourcePolicies.set(topic, policy)
    }
  },
}

export const topic: ResourceReader = {
  type: 'AWS::SNS::Topic',
  read: ({ scope, logicalId, properties }, into) => {
    const key = textOf(properties.KmsMasterKeyId)
    if (key) into.topicKeys.set(physicalArn(scope.named(logicalId))!, key)
  },
}

export const imageRepository: ResourceReader = {
  type: 'AWS::ECR::Repository',
  read: ({ scope, logicalId, within, properties }, into) => {
    const arn = physicalArn(scope.named(logicalId))!
    const policy = locatedPolicy(
      properties.RepositoryPolicyText,
      `repository policy of ${arn}`,
      within('RepositoryPolicyText'),
      into,
    )
    if (policy) into.resourcePolicies.set(arn, policy)
  },
}

export const secretPolicy: ResourceReader = {
  type: 'AWS::SecretsManager::ResourcePolicy',
  read: ({ within, properties }, into) => {
    const secret = textOf(properties.SecretId) ?? ''
    const policy = locatedPolicy(
      properties.ResourcePolicy,
      `resource policy of ${secret}`,
      within('ResourcePolicy'),
      into,
    )
    if (policy) into.resourcePolicies.set(secret, policy)
  },
}
