/** The kinds of resources that KMS keeps. */
import type { KeyGrant } from '../../../iam/index.ts'
import { AwsError, entryOf, formatArn, resourcePolicyOf, supposedPolicy } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import { compiledPolicy } from '../../kernel/compiled-policy.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { type TagPair, tagsInRecord } from '../../kernel/tagging.ts'
import type { Tags } from '../../kernel/tags.ts'
import { type FoundKey, findAlias, findKey } from './engine/find-key.ts'
import { aliases, type GrantRecord, type KeyRecord, keys } from './state.ts'

/** AWS: above this number kms:ResourceAliases does not exist for a key. */
const ALIASES_SEEN = 50
const TAG_LIMIT = 50

/** Errors: TagException, LimitExceededException. */
function join(present: Tags, given: readonly TagPair[]): Tags {
  const names = given.map(([name]) => name)
  if (new Set(names).size < names.length) throw new AwsError('TagException', 'Duplicate tag keys')
  if (names.some((name) => name.startsWith('aws:')))
    throw new AwsError('TagException', 'aws: prefixed tag key names are not allowed for external use.')
  const tags = { ...present, ...Object.fromEntries(given) }
  if (Object.keys(tags).length > TAG_LIMIT) throw new AwsError('LimitExceededException', 'Too many tags')
  return tags
}

/** A key, named by its id, its ARN, the name of an alias or an alias's ARN. */
export const keyKind = resourceKind({
  service: 'kms',
  table: keys,
  key: (key) => key.id,
  found: findKey,
  absent: ({ arn }) => new AwsError('NotFoundException', `Key '${arn}' does not exist`),
  policy: ({ record, arn }, ctx) =>
    record ? compiledBoundPolicy(record.policy, ctx.cloud.directory, resourcePolicyOf(arn)) : noPolicy(),
  tags: tagsInRecord<KeyRecord>({ join }),
  conditions: ({ record, alias }) => record && keyConditions(record, alias),
  access: ({ record }, _action, ctx) => ({
    awsManaged: record?.manager === 'AWS',
    grants: record?.grants.length ? grantsInForce(ctx, record.grants) : undefined,
  }),
})

/** An alias, named by its name. AWS: identity policies alone decide on aliases, and they have no tags. */
export const aliasKind = resourceKind({
  service: 'kms',
  table: aliases,
  key: (alias) => alias.name,
  found: (ctx, name: string) => {
    const { account, region } = ctx
    return { record: findAlias(ctx, name), arn: formatArn('kms', region, account, name), account, region }
  },
  absent: ({ arn }) => new AwsError('NotFoundException', `Alias ${arn} is not found.`),
  policy: 'none',
  tags: 'none',
})

export const kinds = [keyKind, aliasKind]

const NO_KEY = supposedPolicy('no key')
const noPolicy = () => compiledPolicy('{"Version":"2012-10-17","Statement":[]}', NO_KEY)

function keyConditions(
  { aliases }: KeyRecord,
  alias: FoundKey['alias'],
): Record<string, string | readonly string[]> {
  const conditions: Record<string, string | readonly string[]> = {
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': 'false',
  }
  if (aliases.length > 0 && aliases.length <= ALIASES_SEEN) conditions['kms:ResourceAliases'] = aliases
  if (alias) conditions['kms:RequestAlias'] = alias
  return conditions
}

/** AWS: a grant is bound to the unique ids of its principals. */
function grantsInForce(ctx: Context, grants: readonly GrantRecord[]): readonly KeyGrant[] {
  const { directory } = ctx.cloud
  return grants.filter(({ principals }) =>
    Object.keys(principals).every((arn) => directory.principalId(arn) === entryOf(principals, arn)),
  )
}
