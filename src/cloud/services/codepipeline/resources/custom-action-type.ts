/** AWS::CodePipeline::CustomActionType. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'

const TYPE = 'AWS::CodePipeline::CustomActionType'

const tagInput = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))

const artifacts = ({ MinimumCount, MaximumCount }: Properties) => ({
  minimumCount: Number(MinimumCount),
  maximumCount: Number(MaximumCount),
})

const isTrue = (value: unknown): boolean => value === true || value === 'true'

const property = (given: Properties) => ({
  name: given.Name,
  description: given.Description,
  key: isTrue(given.Key),
  required: isTrue(given.Required),
  secret: isTrue(given.Secret),
  queryable: isTrue(given.Queryable),
  type: given.Type,
})

const settings = ({
  EntityUrlTemplate: entityUrlTemplate,
  ExecutionUrlTemplate: executionUrlTemplate,
  RevisionUrlTemplate: revisionUrlTemplate,
  ThirdPartyConfigurationUrl: thirdPartyConfigurationUrl,
}: Properties) => ({
  entityUrlTemplate,
  executionUrlTemplate,
  revisionUrlTemplate,
  thirdPartyConfigurationUrl,
})

const arnOf = (physicalId: string, { region, account }: ResourceContext) => {
  const [category, provider, version] = physicalId.split('|')
  return `arn:aws:codepipeline:${region}:${account}:actiontype:Custom/${category}/${provider}/${version}`
}

/** Ref names it by category, provider and version. AWS: whatever else than its tags changes makes a new one. */
export const customActionType = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { Category: category, Provider: provider, Version: version } = properties
    await rc.call('codepipeline', 'CreateCustomActionType', {
      ...{ category, provider, version },
      settings: properties.Settings && settings(properties.Settings),
      configurationProperties: (properties.ConfigurationProperties as Properties[] | undefined)?.map(
        property,
      ),
      inputArtifactDetails: artifacts(properties.InputArtifactDetails),
      outputArtifactDetails: artifacts(properties.OutputArtifactDetails),
      tags: tagInput(resourceTags(properties, rc)),
    })
    const physicalId = [category, provider, version].join('|')
    rc.made(physicalId)
    await rc.call('codepipeline', 'ListActionTypes', { actionOwnerFilter: 'Custom' })
    return { physicalId, attributes: { Id: physicalId } }
  },
  update: async (physicalId, properties, previous, rc) => {
    const resourceArn = arnOf(physicalId, rc)
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('codepipeline', 'UntagResource', { resourceArn, tagKeys: gone })
    if (hasTags(changed))
      await rc.call('codepipeline', 'TagResource', { resourceArn, tags: tagInput(changed) })
    await rc.call('codepipeline', 'ListActionTypes', { actionOwnerFilter: 'Custom' })
    return { physicalId, attributes: { Id: physicalId } }
  },
  delete: async (_physicalId, { Category: category, Provider: provider, Version: version }, rc) => {
    await rc.call('codepipeline', 'DeleteCustomActionType', { category, provider, version })
  },
})
