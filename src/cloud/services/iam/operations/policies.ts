/** iam:CreatePolicy, GetPolicy, ListPolicies, DeletePolicy and ListEntitiesForPolicy. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { awsManagedPolicies } from '../engine/aws-managed-policies.ts'
import { checkIdentityPolicy, countedSize } from '../engine/document.ts'
import { byName, page } from '../engine/page.ts'
import { ownPolicy, policyKind, visiblePolicy } from '../engine/policy-access.ts'
import {
  attachedPolicies,
  attachmentCount,
  boundaries,
  boundaryCount,
  listedPolicy,
  principalsWhere,
  wholePolicy,
} from '../engine/policy-output.ts'
import { onAll, tableOf } from '../engine/principals.ts'
import { addTags } from '../engine/tags.ts'
import { type ManagedPolicyRecord, managedPolicies } from '../state.ts'

const SIZE_LIMIT = 6_144

/** Refuses what cannot be a managed policy. Errors: MalformedPolicyDocument, LimitExceeded. */
export function checkManagedPolicy(document: string): void {
  checkIdentityPolicy(document)
  if (countedSize(document) <= SIZE_LIMIT) return
  throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${SIZE_LIMIT}`, { status: 409 })
}

/** Errors: EntityAlreadyExists, MalformedPolicyDocument, LimitExceeded, InvalidInput. */
export const CreatePolicy = operation({
  service: 'iam',
  name: 'CreatePolicy',
  access: ({ PolicyName, Path = '/', Tags }, ctx) => {
    const resource = formatArn('iam', '', ctx.account, `policy${Path}${PolicyName}`)
    const resourceInWords = `resource: policy ${PolicyName}`
    const create = { action: 'iam:CreatePolicy', resource, resourceInWords }
    return Tags?.length ? [create, { ...create, action: 'iam:TagPolicy' }] : [create]
  },
  run: ({ PolicyName: name, Path: path = '/', PolicyDocument: document, Description, Tags }, ctx) => {
    const table = tableOf(ctx, managedPolicies)
    const wanted = name.toLowerCase()
    if (table.values().some((policy) => policy.name.toLowerCase() === wanted))
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        { status: 409 },
      )
    checkManagedPolicy(document)
    const now = ctx.cloud.clock.now()
    const policy: ManagedPolicyRecord = {
      name,
      path,
      arn: formatArn('iam', '', ctx.account, `policy${path}${name}`),
      id: `ANPA${ctx.cloud.ids.upper(17)}`,
      description: Description,
      created: now,
      updated: now,
      defaultVersion: 'v1',
      lastVersion: 1,
      versions: [{ id: 'v1', document, created: now }],
      tags: addTags({}, Tags),
    }
    table.put(policy.arn, policy)
    return { Policy: wholePolicy(ctx, policy) }
  },
})

/** Errors: NoSuchEntity, InvalidInput. */
export const GetPolicy = operation({
  service: 'iam',
  name: 'GetPolicy',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'GetPolicy', PolicyArn)],
  run: ({ PolicyArn }, ctx) => ({ Policy: wholePolicy(ctx, visiblePolicy(ctx, PolicyArn)) }),
})

/** AWS: the account's policies and AWS's, unless a scope is asked for. */
export const ListPolicies = operation({
  service: 'iam',
  name: 'ListPolicies',
  access: ({ PathPrefix = '/' }, ctx) => [onAll(ctx, 'ListPolicies', `policy${PathPrefix}`)],
  run: (input, ctx) => {
    const { Scope = 'All', PathPrefix = '/', OnlyAttached, PolicyUsageFilter } = input
    const own = Scope === 'AWS' ? [] : byName(tableOf(ctx, managedPolicies).values())
    const aws = Scope === 'Local' ? [] : byName(awsManagedPolicies())
    const isBoundary = PolicyUsageFilter === 'PermissionsBoundary'
    const used =
      OnlyAttached || PolicyUsageFilter ? (isBoundary ? boundaries : attachedPolicies)(ctx) : undefined
    const wanted = [...own, ...aws].filter(
      ({ path, arn }) => path.startsWith(PathPrefix) && (used?.has(arn) ?? true),
    )
    const { items, rest } = page(input, wanted)
    return { Policies: items.map((policy) => listedPolicy(ctx, policy)), ...rest }
  },
})

/** AWS: nothing may be attached, and only the default version may be left. Errors: NoSuchEntity, DeleteConflict. */
export const DeletePolicy = operation({
  service: 'iam',
  name: 'DeletePolicy',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'DeletePolicy', PolicyArn)],
  run: ({ PolicyArn }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    if (attachmentCount(ctx, policy) + boundaryCount(ctx, policy) > 0)
      throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', { status: 409 })
    if (policy.versions.length > 1)
      throw new AwsError(
        'DeleteConflict',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        { status: 409 },
      )
    tableOf(ctx, managedPolicies).delete(policy.arn)
    return {}
  },
})

/** Errors: NoSuchEntity, InvalidInput. */
export const ListEntitiesForPolicy = operation({
  service: 'iam',
  name: 'ListEntitiesForPolicy',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'ListEntitiesForPolicy', PolicyArn)],
  run: (input, ctx) => {
    const { arn } = visiblePolicy(ctx, input.PolicyArn)
    const asBoundary = input.PolicyUsageFilter === 'PermissionsBoundary'
    const found = principalsWhere(
      ctx,
      (one) =>
        (asBoundary ? one.boundary === arn : one.attachedPolicies.includes(arn)) &&
        one.path.startsWith(input.PathPrefix ?? '/'),
    )
    const wanted = (kind: string) => [undefined, kind].includes(input.EntityFilter)
    const all = [
      ...(wanted('Role') ? found.roles.map((one) => ['role', one] as const) : []),
      ...(wanted('User') ? found.users.map((one) => ['user', one] as const) : []),
      ...(wanted('Group') ? found.groups.map((one) => ['group', one] as const) : []),
    ]
    const { items, rest } = page(input, all)
    const of = (kind: string) => items.filter(([one]) => one === kind).map(([, record]) => record)
    return {
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      ...rest,
    }
  },
})
