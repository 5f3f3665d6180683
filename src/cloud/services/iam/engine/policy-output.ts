/** A managed policy as the wire has it. */
import type { Arn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ManagedPolicyRecord, PolicyVersionRecord, PrincipalRecord } from '../state.ts'
import { encodeDocument } from './page.ts'
import { GROUP, ROLE, tableOf, USER } from './principals.ts'
import { tagList } from './tags.ts'

/** Gives the principals of the account whose records pass a test. */
export function principalsWhere(ctx: Context, test: (record: PrincipalRecord) => boolean) {
  return {
    roles: tableOf(ctx, ROLE.collection).values().filter(test),
    users: tableOf(ctx, USER.collection).values().filter(test),
    groups: tableOf(ctx, GROUP.collection).values().filter(test),
  }
}

/** Gives the ARNs of the policies that are attached to a principal of the account. */
export const attachedPolicies = (ctx: Context): ReadonlySet<Arn> =>
  gathered(ctx, (one) => one.attachedPolicies)

/** Gives the ARNs of the policies that are a principal's boundary. */
export const boundaries = (ctx: Context): ReadonlySet<Arn> => gathered(ctx, (one) => one.boundary ?? [])

const gathered = (ctx: Context, of: (record: PrincipalRecord) => Arn | readonly Arn[]): ReadonlySet<Arn> =>
  new Set(Object.values(principalsWhere(ctx, () => true)).flatMap((list) => list.flatMap(of)))

const countWhere = (ctx: Context, test: (record: PrincipalRecord) => boolean): number =>
  Object.values(principalsWhere(ctx, test)).reduce((sum, list) => sum + list.length, 0)

/** Gives the number of principals a policy is attached to. */
export const attachmentCount = (ctx: Context, { arn }: ManagedPolicyRecord): number =>
  countWhere(ctx, (record) => record.attachedPolicies.includes(arn))

/** Gives the number of principals whose boundary a policy is. */
export const boundaryCount = (ctx: Context, { arn }: ManagedPolicyRecord): number =>
  countWhere(ctx, (record) => record.boundary === arn)

/** Gives a policy as ListPolicies has it. */
export const listedPolicy = (ctx: Context, policy: ManagedPolicyRecord) => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: attachmentCount(ctx, policy),
  PermissionsBoundaryUsageCount: boundaryCount(ctx, policy),
  IsAttachable: true,
  CreateDate: new Date(policy.created),
  UpdateDate: new Date(policy.updated),
})

/** Gives a policy with all there is to tell. */
export const wholePolicy = (ctx: Context, policy: ManagedPolicyRecord) => ({
  ...listedPolicy(ctx, policy),
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  Tags: tagList(policy.tags),
})

/** Gives a version without its document. */
export const listedVersion = (policy: ManagedPolicyRecord, version: PolicyVersionRecord) => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersion,
  CreateDate: new Date(version.created),
})

/** Gives a version with its document. */
export const wholeVersion = (policy: ManagedPolicyRecord, version: PolicyVersionRecord) => ({
  ...listedVersion(policy, version),
  Document: encodeDocument(version.document),
})
