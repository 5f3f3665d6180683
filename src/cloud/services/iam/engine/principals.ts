/** Users, groups and roles alike: finding them, naming them, and asking for permission on them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Collection, Table } from '../../../kernel/store.ts'
import {
  type GroupRecord,
  groups,
  type PrincipalRecord,
  type RoleRecord,
  roles,
  type UserRecord,
  users,
} from '../state.ts'

export interface PrincipalKind<R extends PrincipalRecord> {
  readonly collection: Collection<R>
  /** `role`, as in ARNs and messages. */
  readonly word: string
  readonly idPrefix: string
  /** Characters of all inline policies together, without white space. */
  readonly inlineLimit: number
  /** The name of the quota of attached policies. */
  readonly attachedQuota: string
}

export const ROLE: PrincipalKind<RoleRecord> = {
  collection: roles,
  word: 'role',
  idPrefix: 'AROA',
  inlineLimit: 10_240,
  attachedQuota: 'PoliciesPerRole',
}

export const USER: PrincipalKind<UserRecord> = {
  collection: users,
  word: 'user',
  idPrefix: 'AIDA',
  inlineLimit: 2_048,
  attachedQuota: 'PoliciesPerUser',
}

export const GROUP: PrincipalKind<GroupRecord> = {
  collection: groups,
  word: 'group',
  idPrefix: 'AGPA',
  inlineLimit: 5_120,
  attachedQuota: 'PoliciesPerGroup',
}

/** IAM is global: its tables have no region. */
export const tableOf = <R>(ctx: Context, collection: Collection<R>): Table<R> =>
  ctx.table(collection, ctx.account, '')

/** Gives the record by its name. Errors: NoSuchEntity. */
export function find<R extends PrincipalRecord>(ctx: Context, kind: PrincipalKind<R>, name: string): R {
  const record = lookUp(ctx, kind, name)
  if (record) return record
  throw new AwsError('NoSuchEntity', `The ${kind.word} with name ${name} cannot be found.`, { status: 404 })
}

function lookUp<R extends PrincipalRecord>(
  ctx: Context,
  kind: PrincipalKind<R>,
  name: string,
): R | undefined {
  return tableOf(ctx, kind.collection).get(name.toLowerCase())
}

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
  if (lookUp(ctx, kind, name)) {
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

/**
 * Asks for an action on a user, group or role that is named by its name.
 * AWS: a denial speaks of `resource: role NAME`, whether it exists or not.
 */
export function onPrincipal<R extends PrincipalRecord>(
  ctx: Context,
  kind: PrincipalKind<R>,
  name: string,
  action: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): AccessRequest {
  const record = lookUp(ctx, kind, name)
  return {
    action: `iam:${action}`,
    resource: record?.arn ?? formatArn('iam', '', ctx.account, `${kind.word}/${name}`),
    resourceInWords: `resource: ${kind.word} ${name}`,
    context: {
      ...resourceTagKeys(record?.tags ?? {}),
      ...(record?.boundary ? { 'iam:PermissionsBoundary': record.boundary } : {}),
      ...context,
    },
  }
}

/** Asks for an action on all entities of a kind in the account. */
export const onAll = (ctx: Context, action: string, resource: string): AccessRequest => ({
  action: `iam:${action}`,
  resource: formatArn('iam', '', ctx.account, resource),
})

/** Gives the condition keys of an entity's tags. */
export function resourceTagKeys(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  )
}
