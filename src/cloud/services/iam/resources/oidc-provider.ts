/** AWS::IAM::OIDCProvider. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, tagChange, userTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { unlessGone } from './property.ts'

/** Ref and GetAtt Arn give the ARN. */
export const oidcProvider = resourceType({
  type: 'AWS::IAM::OIDCProvider',
  create: async ({ Url, ClientIdList, ThumbprintList, ...properties }, rc) => {
    const tags = tagList(userTags(properties, rc))
    const { OpenIDConnectProviderArn = '' } = await rc.call('iam', 'CreateOpenIDConnectProvider', {
      Url,
      ClientIDList: ClientIdList,
      ThumbprintList,
      ...(tags.length ? { Tags: tags } : {}),
    })
    rc.made(OpenIDConnectProviderArn)
    await rc.call('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn })
    return { physicalId: OpenIDConnectProviderArn, attributes: { Arn: OpenIDConnectProviderArn } }
  },
  update: async (arn, properties, previous, rc) => {
    await changeClients(arn, properties, previous, rc)
    const { ThumbprintList = [] } = properties
    if (ThumbprintList.join() !== (previous.ThumbprintList ?? []).join())
      await rc.call('iam', 'UpdateOpenIDConnectProviderThumbprint', {
        OpenIDConnectProviderArn: arn,
        ThumbprintList,
      })
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length)
      await rc.call('iam', 'UntagOpenIDConnectProvider', { OpenIDConnectProviderArn: arn, TagKeys: gone })
    if (hasTags(changed))
      await rc.call('iam', 'TagOpenIDConnectProvider', {
        OpenIDConnectProviderArn: arn,
        Tags: tagList(changed),
      })
    return { physicalId: arn, attributes: { Arn: arn } }
  },
  read: async (arn, rc) => {
    const input = { OpenIDConnectProviderArn: arn }
    const found = await unlessAbsent(rc.call('iam', 'GetOpenIDConnectProvider', input), 'NoSuchEntity')
    return found && { physicalId: arn, attributes: { Arn: arn } }
  },
  delete: (arn, _properties, rc) =>
    unlessGone(rc.call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn })),
})

async function changeClients(
  OpenIDConnectProviderArn: string,
  { ClientIdList: now = [] }: Properties,
  { ClientIdList: before = [] }: Properties,
  rc: ResourceContext,
): Promise<void> {
  for (const ClientID of now as string[])
    if (!before.includes(ClientID))
      await rc.call('iam', 'AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID })
  for (const ClientID of before as string[])
    if (!now.includes(ClientID))
      await rc.call('iam', 'RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID })
}
