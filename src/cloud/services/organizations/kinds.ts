/** The kinds of resources that Organizations keeps. AWS: an id's first letters tell which one it means. */
import type { ConditionContext } from '../../../iam/index.ts'
import type { AccessRequest } from '../../kernel/access-request.ts'
import type { Context } from '../../kernel/context.ts'
import type { Organization } from '../../kernel/organization.ts'
import { type Found, type ResourceKind, resourceKind } from '../../kernel/resource-kind.ts'
import type { Collection } from '../../kernel/store.ts'
import { tagPairs } from '../../kernel/tag-operations.ts'
import { tagsInRecord } from '../../kernel/tagging.ts'
import type { Tags } from '../../kernel/tags.ts'
import { policyTypeKey } from './engine/access.ts'
import { policyArn, targetArn } from './engine/arn.ts'
import { treeFor } from './engine/organization.ts'
import { type Refusal, refusal } from './engine/refusal.ts'
import { checkedTags } from './engine/tag-check.ts'
import { isUnitId, type Tree } from './engine/tree.ts'
import {
  type ControlPolicyType,
  type MemberRecord,
  members,
  type PolicyRecord,
  policies,
  type RootRecord,
  roots,
  type UnitRecord,
  units,
} from './state.ts'

/** Where a kind is kept; what is saved is told to the organization, which remembers what follows from it. */
interface Place<R> {
  readonly table: Collection<R>
  readonly absent: Refusal
  readonly get: (tree: Tree, id: string) => R | undefined
  readonly save: (tree: Tree, record: R) => void
}

/** How tags stand in requests. */
export const keyValue = tagPairs('Key', 'Value')

const tagging = <R extends { readonly tags: Tags }>() =>
  tagsInRecord<R>({ join: checkedTags, creation: 'TagResource' })

/** Where there is no organization every request is asked on `*`, and refused when it runs. */
const foundIn = <R>(ctx: Context, find: (organization: Organization, tree: Tree) => Found<R>): Found<R> => {
  const { organization } = ctx.cloud
  if (organization) return find(organization, treeFor(ctx))
  return { arn: '*', account: ctx.account, region: ctx.region }
}

/** A kind of what policies are attached to. AWS: members ask their own account, and are refused afterwards. */
const placeKind = <R extends { readonly id: string; readonly tags: Tags }>(
  place: Place<R>,
): ResourceKind<R, string> =>
  resourceKind({
    service: 'organizations',
    table: place.table,
    key: ({ id }) => id,
    found: (ctx, id: string) =>
      foundIn(ctx, (organization, tree) => {
        const { account, region } = ctx
        return { record: place.get(tree, id), arn: targetArn(organization, id), account, region }
      }),
    absent: () => refusal(place.absent),
    policy: 'none',
    tags: tagging<R>(),
    put: (ctx, _found, record) => place.save(treeFor(ctx), record),
  })

export const rootKind = placeKind<RootRecord>({
  table: roots,
  absent: 'noRoot',
  get: (tree, id) => (id === tree.root().id ? tree.root() : undefined),
  save: (tree, record) => tree.save({ kind: 'root', record }),
})

export const unitKind = placeKind<UnitRecord>({
  table: units,
  absent: 'noUnit',
  get: (tree, id) => tree.unit(id),
  save: (tree, record) => tree.save({ kind: 'unit', record }),
})

export const accountKind = placeKind<MemberRecord>({
  table: members,
  absent: 'noAccount',
  get: (tree, id) => tree.account(id),
  save: (tree, record) => tree.save({ kind: 'account', record }),
})

interface FoundPolicy extends Found<PolicyRecord> {
  readonly type: ControlPolicyType
}

/** One that is about to be made has a type, and no id that is known. */
interface NewPolicy {
  readonly type: ControlPolicyType
}

/** A policy, AWS's own included. One that is not there is spoken of as a service control policy. */
export const policyKind = resourceKind({
  service: 'organizations',
  table: policies,
  key: ({ id }) => id,
  found: (ctx, named: string | NewPolicy): FoundPolicy => {
    const id = typeof named === 'string' ? named : 'p-xxxxxxxx'
    const record = typeof named === 'string' && ctx.cloud.organization ? treeFor(ctx).policy(id) : undefined
    const type = record?.type ?? (typeof named === 'string' ? 'SERVICE_CONTROL_POLICY' : named.type)
    const found = foundIn(ctx, (organization) => {
      const { account, region } = ctx
      return { record, arn: policyArn(organization, { id, type }), account, region }
    })
    return { ...found, type }
  },
  absent: () => refusal('noPolicy'),
  policy: 'none',
  tags: tagging<PolicyRecord>(),
  conditions: ({ type }, ctx) => (ctx.cloud.organization ? policyTypeKey(type) : undefined),
  put: (ctx, _found, record) => treeFor(ctx).policies.put(record.id, record),
})

export const kinds = [rootKind, unitKind, accountKind, policyKind]

/** Gives the kind of what policies are attached to, by its id. */
const placeOf = (id: string) => (id.startsWith('r-') ? rootKind : isUnitId(id) ? unitKind : accountKind)

/** Gives the kind of whatever an id names. */
export const kindOf = (id: string) => (id.startsWith('p-') ? policyKind : placeOf(id))

/** Asks for an action on the root, a unit or an account. */
export const onTarget = (
  ctx: Context,
  action: string,
  id: string,
  context?: ConditionContext,
): AccessRequest => placeOf(id).on(ctx, action, id, context)
