/** Identity providers of OpenID Connect: issuers whose tokens roles may trust. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { resourceKind } from '../../../kernel/resource-kind.ts'
import { pageOfTags } from '../engine/page.ts'
import { tableOf } from '../engine/principals.ts'
import { addTags, iamTags, removeTags, tagList } from '../engine/tags.ts'
import { type OidcProviderRecord, oidcProviders } from '../state.ts'

/** An identity provider, named by its ARN. */
export const oidcProviderKind = resourceKind({
  service: 'iam',
  table: oidcProviders,
  key: (provider) => provider.issuer,
  found: (ctx, arn: string) => {
    const issuer = parseArn(arn)?.resource.replace(/^oidc-provider\//, '') ?? arn
    const record = tableOf(ctx, oidcProviders).get(issuer)
    return { record, arn: record?.arn ?? arn, account: ctx.account, region: '', name: issuer }
  },
  absent: ({ arn }) =>
    new AwsError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`, { status: 404 }),
  policy: 'none',
  tags: iamTags<OidcProviderRecord>('TagOpenIDConnectProvider'),
})

const arnOf = (ctx: Context, issuer: string) => formatArn('iam', '', ctx.account, `oidc-provider/${issuer}`)

/** AWS: an address that begins with https:// and has no query; it stands without https:// in ARNs and condition keys. */
function issuerOf(url: string): string {
  const [, issuer] = /^https:\/\/([^?#]+?)\/?$/.exec(url) ?? []
  if (issuer === undefined)
    throw new AwsError('InvalidInput', `Invalid Open ID Connect Provider URL`, { status: 400 })
  return issuer
}

/** AWS: a hundred audiences at most. */
const CLIENTS = 100

function checkClients(clientIds: readonly string[]): readonly string[] {
  if (clientIds.length > CLIENTS)
    throw new AwsError(
      'LimitExceeded',
      `Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${CLIENTS}`,
      {
        status: 409,
      },
    )
  return clientIds
}

/** Errors: EntityAlreadyExists, InvalidInput, LimitExceeded. */
const CreateOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'CreateOpenIDConnectProvider',
  access: ({ Url, Tags }, ctx) => {
    const create = { action: 'iam:CreateOpenIDConnectProvider', resource: arnOf(ctx, issuerOf(Url)) }
    return Tags?.length ? [create, { ...create, action: 'iam:TagOpenIDConnectProvider' }] : [create]
  },
  run: ({ Url, ClientIDList = [], ThumbprintList = [], Tags }, ctx) => {
    const issuer = issuerOf(Url)
    const table = tableOf(ctx, oidcProviders)
    if (table.has(issuer))
      throw new AwsError('EntityAlreadyExists', `Provider with url ${Url} already exists.`, { status: 409 })
    const provider: OidcProviderRecord = {
      issuer,
      arn: arnOf(ctx, issuer),
      clientIds: checkClients([...new Set(ClientIDList)]),
      thumbprints: ThumbprintList,
      created: ctx.cloud.clock.now(),
      tags: addTags({}, Tags),
    }
    table.put(issuer, provider)
    return { OpenIDConnectProviderArn: provider.arn, Tags: tagList(provider.tags) }
  },
})

/** Errors: NoSuchEntity. */
const GetOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'GetOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'GetOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn }, ctx) => {
    const { issuer, clientIds, thumbprints, created, tags } = oidcProviderKind.find(
      ctx,
      OpenIDConnectProviderArn,
    )
    return {
      Url: issuer,
      ClientIDList: [...clientIds],
      ThumbprintList: [...thumbprints],
      CreateDate: new Date(created),
      Tags: tagList(tags),
    }
  },
})

const ListOpenIDConnectProviders = operation({
  service: 'iam',
  name: 'ListOpenIDConnectProviders',
  access: (_, ctx) => [
    {
      action: 'iam:ListOpenIDConnectProviders',
      resource: formatArn('iam', '', ctx.account, 'oidc-provider/*'),
    },
  ],
  run: (_, ctx) => ({
    OpenIDConnectProviderList: tableOf(ctx, oidcProviders)
      .values()
      .map(({ arn }) => ({ Arn: arn })),
  }),
})

/** AWS: "This operation is idempotent". */
const DeleteOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'DeleteOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'DeleteOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn }, ctx) => {
    const found = oidcProviderKind.lookUp(ctx, OpenIDConnectProviderArn)
    if (found) tableOf(ctx, oidcProviders).delete(found.issuer)
    return {}
  },
})

function change(
  ctx: Context,
  arn: string,
  next: (provider: OidcProviderRecord) => Partial<OidcProviderRecord>,
): Record<string, never> {
  const provider = oidcProviderKind.find(ctx, arn)
  tableOf(ctx, oidcProviders).put(provider.issuer, { ...provider, ...next(provider) })
  return {}
}

/** AWS: an audience that is there already is no error. Errors: NoSuchEntity, LimitExceeded. */
const AddClientIDToOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'AddClientIDToOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'AddClientIDToOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn, ClientID }, ctx) =>
    change(ctx, OpenIDConnectProviderArn, ({ clientIds }) => ({
      clientIds: checkClients([...new Set([...clientIds, ClientID])]),
    })),
})

/** AWS: one that is not there is no error. Errors: NoSuchEntity. */
const RemoveClientIDFromOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'RemoveClientIDFromOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn, ClientID }, ctx) =>
    change(ctx, OpenIDConnectProviderArn, ({ clientIds }) => ({
      clientIds: clientIds.filter((one) => one !== ClientID),
    })),
})

/** Errors: NoSuchEntity. */
const UpdateOpenIDConnectProviderThumbprint = operation({
  service: 'iam',
  name: 'UpdateOpenIDConnectProviderThumbprint',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'UpdateOpenIDConnectProviderThumbprint', arn),
  ],
  run: ({ OpenIDConnectProviderArn, ThumbprintList }, ctx) =>
    change(ctx, OpenIDConnectProviderArn, () => ({ thumbprints: ThumbprintList })),
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
const TagOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'TagOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'TagOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn, Tags }, ctx) =>
    change(ctx, OpenIDConnectProviderArn, ({ tags }) => ({ tags: addTags(tags, Tags) })),
})

/** Errors: NoSuchEntity. */
const UntagOpenIDConnectProvider = operation({
  service: 'iam',
  name: 'UntagOpenIDConnectProvider',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'UntagOpenIDConnectProvider', arn),
  ],
  run: ({ OpenIDConnectProviderArn, TagKeys }, ctx) =>
    change(ctx, OpenIDConnectProviderArn, ({ tags }) => ({ tags: removeTags(tags, TagKeys) })),
})

/** Errors: NoSuchEntity. */
const ListOpenIDConnectProviderTags = operation({
  service: 'iam',
  name: 'ListOpenIDConnectProviderTags',
  access: ({ OpenIDConnectProviderArn: arn }, ctx) => [
    oidcProviderKind.on(ctx, 'ListOpenIDConnectProviderTags', arn),
  ],
  run: (input, ctx) =>
    pageOfTags(tagList(oidcProviderKind.find(ctx, input.OpenIDConnectProviderArn).tags), input) as never,
})

export const oidcProviderOperations = [
  CreateOpenIDConnectProvider,
  GetOpenIDConnectProvider,
  ListOpenIDConnectProviders,
  DeleteOpenIDConnectProvider,
  AddClientIDToOpenIDConnectProvider,
  RemoveClientIDFromOpenIDConnectProvider,
  UpdateOpenIDConnectProviderThumbprint,
  TagOpenIDConnectProvider,
  UntagOpenIDConnectProvider,
  ListOpenIDConnectProviderTags,
]
