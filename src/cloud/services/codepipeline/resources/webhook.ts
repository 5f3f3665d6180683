/** AWS::CodePipeline::Webhook. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const tagInput = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))

const isTrue = (value: unknown): boolean => value === true || value === 'true'

async function put(name: string, properties: Properties, rc: ResourceContext, tags?: Tags): Promise<string> {
  const { webhook } = await rc.call('codepipeline', 'PutWebhook', {
    webhook: {
      name,
      targetPipeline: properties.TargetPipeline,
      targetAction: properties.TargetAction,
      filters: (properties.Filters as Properties[]).map(({ JsonPath, MatchEquals }) => ({
        jsonPath: JsonPath,
        matchEquals: MatchEquals,
      })),
      authentication: properties.Authentication,
      authenticationConfiguration: properties.AuthenticationConfiguration,
    },
    tags: tags && tagInput(tags),
  })
  return webhook?.url ?? ''
}

const outcome = (name: string, Url: string) => ({ physicalId: name, attributes: { Id: name, Url } })

/** Ref gives the name, GetAtt Url the address. AWS: TargetPipelineVersion is asked for and has no say in anything. */
export const webhook = resourceType({
  type: 'AWS::CodePipeline::Webhook',
  create: async (properties, rc) => {
    const name = properties.Name ?? rc.generateName()
    const url = await put(name, properties, rc, resourceTags(properties, rc))
    rc.made(name)
    await rc.call('codepipeline', 'ListWebhooks', {})
    if (isTrue(properties.RegisterWithThirdParty))
      await rc.call('codepipeline', 'RegisterWebhookWithThirdParty', { webhookName: name })
    return outcome(name, url)
  },
  update: async (name, properties, previous, rc) => {
    await rc.call('codepipeline', 'ListWebhooks', {})
    const url = await put(name, properties, rc)
    const resourceArn = `arn:aws:codepipeline:${rc.region}:${rc.account}:webhook:${name}`
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('codepipeline', 'UntagResource', { resourceArn, tagKeys: gone })
    if (hasTags(changed))
      await rc.call('codepipeline', 'TagResource', { resourceArn, tags: tagInput(changed) })
    const [now, before] = [properties, previous].map((one) => isTrue(one.RegisterWithThirdParty))
    if (now) await rc.call('codepipeline', 'RegisterWebhookWithThirdParty', { webhookName: name })
    else if (before) await rc.call('codepipeline', 'DeregisterWebhookWithThirdParty', { webhookName: name })
    return outcome(name, url)
  },
  delete: async (name, properties, rc) => {
    if (isTrue(properties.RegisterWithThirdParty))
      await unlessAbsent(
        rc.call('codepipeline', 'DeregisterWebhookWithThirdParty', { webhookName: name }),
        'WebhookNotFoundException',
      )
    await rc.call('codepipeline', 'DeleteWebhook', { name })
  },
})
