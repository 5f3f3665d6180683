/** AWS::ECR::Repository. */

import { AwsError } from '../../../../model/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import type { Mutability } from '../state.ts'

const TYPE = 'AWS::ECR::Repository'

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const textOf = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document)

/** Templates may give flags as text. */
const isTrue = (value: unknown): boolean => String(value) === 'true'

const scanning = ({ ImageScanningConfiguration: given }: Properties) => ({
  scanOnPush: isTrue(given?.ScanOnPush),
})

function mutability({ ImageTagMutability, ImageTagMutabilityExclusionFilters: filters }: Properties) {
  return {
    imageTagMutability: (ImageTagMutability ?? 'MUTABLE') as Mutability,
    ...(filters && {
      imageTagMutabilityExclusionFilters: (filters as Properties[]).map((one) => ({
        filterType: one.ImageTagMutabilityExclusionFilterType,
        filter: one.ImageTagMutabilityExclusionFilterValue,
      })),
    }),
  }
}

const encryption = ({ EncryptionConfiguration: given }: Properties) =>
  given && { encryptionType: given.EncryptionType, kmsKey: given.KmsKey }

async function putPolicies(
  repositoryName: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const { RepositoryPolicyText: policy, LifecyclePolicy: lifecycle } = properties
  const lifecycleText = lifecycle?.LifecyclePolicyText
  const before = previous.LifecyclePolicy?.LifecyclePolicyText
  if (policy && !same(policy, previous.RepositoryPolicyText))
    await rc.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText: textOf(policy) })
  if (!policy && previous.RepositoryPolicyText)
    await rc.call('ecr', 'DeleteRepositoryPolicy', { repositoryName })
  if (lifecycleText && lifecycleText !== before)
    await rc.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: lifecycleText })
  if (!lifecycleText && before) await rc.call('ecr', 'DeleteLifecyclePolicy', { repositoryName })
}

async function retag(arn: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  await rc.call('ecr', 'ListTagsForResource', { resourceArn: arn })
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('ecr', 'UntagResource', { resourceArn: arn, tagKeys: gone })
  if (hasTags(changed)) await rc.call('ecr', 'TagResource', { resourceArn: arn, tags: tagList(changed) })
}

const outcome = (name: string, made: { repositoryArn?: string; repositoryUri?: string } = {}) => ({
  physicalId: name,
  attributes: { Arn: made.repositoryArn, RepositoryUri: made.repositoryUri },
})

/** Of a repository that is there; AWS reads it back with ecr:DescribeRepositories. */
async function describe(repositoryName: string, rc: ReadContext) {
  const { repositories = [] } = await rc.call('ecr', 'DescribeRepositories', {
    repositoryNames: [repositoryName],
  })
  return repositories[0] ?? {}
}

export const repository = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const name = properties.RepositoryName ?? rc.generateName()
    const tags = tagList(resourceTags(properties, rc))
    const { repository: made } = await rc.call('ecr', 'CreateRepository', {
      repositoryName: name,
      ...mutability(properties),
      imageScanningConfiguration: scanning(properties),
      encryptionConfiguration: encryption(properties),
      ...(tags.length ? { tags } : {}),
    })
    await putPolicies(name, properties, {}, rc).catch(async (error) => {
      // What is half made has no physical id by which the stack could take it away.
      await rc.call('ecr', 'DeleteRepository', { repositoryName: name }).catch(() => undefined)
      throw error
    })
    return outcome(name, made)
  },
  update: async (name, properties, previous, rc) => {
    const made = await describe(name, rc)
    if (!same(mutability(properties), mutability(previous)))
      await rc.call('ecr', 'PutImageTagMutability', { repositoryName: name, ...mutability(properties) })
    if (!same(scanning(properties), scanning(previous)))
      await rc.call('ecr', 'PutImageScanningConfiguration', {
        repositoryName: name,
        imageScanningConfiguration: scanning(properties),
      })
    await putPolicies(name, properties, previous, rc)
    await retag(made.repositoryArn ?? '', properties, previous, rc)
    return outcome(name, made)
  },
  read: async (name, rc) => {
    const made = await unlessAbsent(describe(name, rc), 'RepositoryNotFoundException')
    return made && outcome(name, made)
  },
  // AWS: a repository that still holds images is emptied only where EmptyOnDelete says so.
  delete: async (name, { EmptyOnDelete }, rc) => {
    const input = { repositoryName: name, force: isTrue(EmptyOnDelete) }
    await rc.call('ecr', 'DeleteRepository', input).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'RepositoryNotFoundException') throw error
    })
  },
})
