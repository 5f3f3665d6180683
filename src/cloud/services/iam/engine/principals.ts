/** Users, groups and roles alike: finding them, naming them, and asking for permission on them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ResourceKind, resourceKind } from '../../../kernel/resource-kind.ts'
import type { Collection, Table } from '../../../kernel/store.ts'
import type { Tagging } from '../../../kernel/tagging.ts'
import {
  type GroupRecord,
  groups,
  type PrincipalRecord,
  type RoleRecord,
  roles,
  type UserRecord,
  users,
} from '../state.ts'
import { iamTags } from './tags.ts'

/** IAM is global: its tables have no region. */
export const tableOf = <R>(ctx: Context, collection: Collection<R>): Table<R> =>
  ctx.table(collection, ctx.account, '')

export interface PrincipalKind<R extends PrincipalRecord> {
  readonly collection: Collection<R>
  /** `role`, as in ARNs and messages. */
  readonly word: string
  readonly idPrefix: string
  /** Characters of all inline policies together, without white space. */
  readonly inlineLimit: number
  /** The name of the quota of attached policies. */
  readonly attachedQuota: string
  readonly resource: Omit<ResourceKind<R, string>, 'change'>
}

/**
 * A user, group or role as a resource, named by its name in any letter case. AWS: a denial speaks of
 * `resource: role NAME`, whether it exists or not.
 */
const principalResource = <R extends PrincipalRecord>(
  word: string,
  table: Collection<R>,
  tags: 'none' | Tagging<R>,
): ResourceKind<R, string> =>
  resourceKind({
    service: 'iam',
    table,
    key: (record) => record.name.toLowerCase(),
    found: (ctx, name: string) => {
      const record = tableOf(ctx, table).get(name.toLowerCase())
      const arn = record?.arn ?? formatArn('iam', '', ctx.account, `${word}/${name}`)
      return { record, arn, account: ctx.account, region: '', name }
    },
    absent: ({ name }) =>
      new AwsError('NoSuchEntity', `The ${word} with name ${name} cannot be found.`, { status: 404 }),
    policy: 'none',
    tags,
    conditions: ({ record }) =>
      record?.boundary ? { 'iam:PermissionsBoundary': record.boundary } : undefined,
    access: ({ name }) => ({ resourceInWords: `resource: ${word} ${name}` }),
  })

export const ROLE: PrincipalKind<RoleRecord> = {
  collection: roles,
  word: 'role',
  resource: principalResource('role', roles, iamTags('TagRole')),
  idPrefix: 'AROA',
  inlineLimit: 10_240,
  attachedQuota: 'PoliciesPerRole',
}

export const USER: PrincipalKind<UserRecord> = {
  collection: users,
  word: 'user',
  resource: principalResource('user', users, iamTags('TagUser')),
  idPrefix: 'AIDA',
  inlineLimit: 2_048,
  attachedQuota: 'PoliciesPerUser',
}

export const GROUP: PrincipalKind<GroupRecord> = {
  collection: groups,
  word: 'group',
  // AWS: groups have no tags.
  resource: principalResource('group', groups, 'none'),
  idPrefix: 'AGPA',
  inlineLimit: 5_120,
  attachedQuota: 'PoliciesPerGroup',
}

/** Gives the record by its name. Errors: NoSuchEntity. */
export const find = <R extends PrincipalRecord>(ctx: Context, kind: PrincipalKind<R>, name: string): R =>
  kind.resource.find(ctx, name)

/** Puts a changed copy and gives it. */
export function change<R extends PrincipalRecord>(
  ctx: Context,
  kind: PrincipalKind<R>,
  record: R,
  changes: Partial<R>,
): R {
  const changed = { ...record, ...changes }
  tableOf(ctx, kind.collection).put(record.name.toLowerCase(), changed)
  return changed
}

/** Gives what every new user, group or role begins with. Errors: EntityAlreadyExists, whatever the letter case. */
export function newPrincipal<R extends PrincipalRecord>(
  ctx: Context,
  kind: PrincipalKind<R>,
  options: { name: string; path?: string },
): PrincipalRecord {
  const { name, path = '/' } = options
  if (kind.resource.lookUp(ctx, name)) {
    const title = kind.word.charAt(0).toUpperCase() + kind.word.slice(1)
    throw new AwsError('EntityAlreadyExists', `${title} with name ${name} already exists.`, { status: 409 })
  }
  return {
    name,
    path,
    arn: formatArn('iam', '', ctx.account, `${kind.word}${path}${name}`),
    id: `${kind.idPrefix}${ctx.cloud.ids.upper(17)}`,
    created: ctx.cloud.clock.now(),
    inlinePolicies: {},
    attachedPolicies: [],
    tags: {},
  }
}

/** Asks for an action on a user, group or role that is named by its name. */
export const onPrincipal = <R extends PrincipalRecord>(
  ctx: Context,
  kind: PrincipalKind<R>,
  name: string,
  action: string,
  context?: AccessRequest['context'],
): AccessRequest => kind.resource.on(ctx, action, name, context)

/** Asks for an action on all entities of a kind in the account. */
export const onAll = (ctx: Context, action: string, resource: string): AccessRequest => ({
  action: `iam:${action}`,
  resource: formatArn('iam', '', ctx.account, resource),
})
