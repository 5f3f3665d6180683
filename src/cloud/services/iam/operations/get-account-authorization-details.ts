/** iam:GetAccountAuthorizationDetails: every user, group, role and policy of an account at once. */
import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { awsManagedPolicy } from '../engine/aws-managed-policies.ts'
import { boundaryOutput } from '../engine/boundary.ts'
import { findManagedPolicy } from '../engine/managed-policy.ts'
import { encodeDocument, page } from '../engine/page.ts'
import { attachedPolicies, listedPolicy, wholeVersion } from '../engine/policy-output.ts'
import { GROUP, ROLE, tableOf, USER } from '../engine/principals.ts'
import { tagList } from '../engine/tags.ts'
import {
  type GroupRecord,
  type ManagedPolicyRecord,
  managedPolicies,
  type PrincipalRecord,
  type RoleRecord,
  type UserRecord,
} from '../state.ts'

type Entity =
  | { readonly kind: 'User'; readonly record: UserRecord }
  | { readonly kind: 'Group'; readonly record: GroupRecord }
  | { readonly kind: 'Role'; readonly record: RoleRecord }
  | { readonly kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; readonly record: ManagedPolicyRecord }

/** AWS: of AWS's policies only those that are attached somewhere. */
export const GetAccountAuthorizationDetails = operation({
  service: 'iam',
  name: 'GetAccountAuthorizationDetails',
  access: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  run: (input, ctx) => {
    const all = entities(ctx).filter(({ kind }) => !input.Filter?.length || input.Filter.includes(kind))
    const { items, rest } = page(input, all)
    return {
      UserDetailList: items.flatMap((one) => (one.kind === 'User' ? [user(ctx, one.record)] : [])),
      GroupDetailList: items.flatMap((one) => (one.kind === 'Group' ? [group(ctx, one.record)] : [])),
      RoleDetailList: items.flatMap((one) => (one.kind === 'Role' ? [role(ctx, one.record)] : [])),
      Policies: items.flatMap((one) =>
        one.kind === 'LocalManagedPolicy' || one.kind === 'AWSManagedPolicy' ? [policy(ctx, one.record)] : [],
      ),
      ...rest,
    }
  },
})

function entities(ctx: Context): Entity[] {
  const attached = [...attachedPolicies(ctx)].sort().flatMap((arn) => awsManagedPolicy(arn) ?? [])
  return [
    ...tableOf(ctx, USER.collection)
      .values()
      .map((record) => ({ kind: 'User', record }) as const),
    ...tableOf(ctx, GROUP.collection)
      .values()
      .map((record) => ({ kind: 'Group', record }) as const),
    ...tableOf(ctx, ROLE.collection)
      .values()
      .map((record) => ({ kind: 'Role', record }) as const),
    ...tableOf(ctx, managedPolicies)
      .values()
      .map((record) => ({ kind: 'LocalManagedPolicy', record }) as const),
    ...attached.map((record) => ({ kind: 'AWSManagedPolicy', record }) as const),
  ]
}

const inline = (record: PrincipalRecord) =>
  Object.entries(record.inlinePolicies).map(([PolicyName, text]) => ({
    PolicyName,
    PolicyDocument: encodeDocument(text),
  }))

function common(ctx: Context, record: PrincipalRecord) {
  return {
    Path: record.path,
    Arn: record.arn,
    CreateDate: new Date(record.created),
    AttachedManagedPolicies: record.attachedPolicies.map((arn) => ({
      PolicyArn: arn,
      PolicyName: findManagedPolicy(ctx.cloud.store, arn)?.name,
    })),
  }
}

const user = (ctx: Context, record: UserRecord) => ({
  ...common(ctx, record),
  ...boundaryOutput(record.boundary),
  UserName: record.name,
  UserId: record.id,
  UserPolicyList: inline(record),
  GroupList: [...record.groups],
  Tags: tagList(record.tags),
})

const group = (ctx: Context, record: GroupRecord) => ({
  ...common(ctx, record),
  GroupName: record.name,
  GroupId: record.id,
  GroupPolicyList: inline(record),
})

const role = (ctx: Context, record: RoleRecord) => ({
  ...common(ctx, record),
  ...boundaryOutput(record.boundary),
  RoleName: record.name,
  RoleId: record.id,
  AssumeRolePolicyDocument: encodeDocument(policyText(record.trustPolicy, ctx.cloud.directory)),
  RolePolicyList: inline(record),
  Tags: tagList(record.tags),
})

const policy = (ctx: Context, record: ManagedPolicyRecord) => ({
  ...listedPolicy(ctx, record),
  PolicyVersionList: record.versions.map((version) => wholeVersion(record, version)),
})
