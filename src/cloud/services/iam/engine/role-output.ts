/** A role as the wire has it. */
import { policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { RoleRecord } from '../state.ts'
import { boundaryOutput } from './boundary.ts'
import { encodeDocument } from './page.ts'
import { tagList } from './tags.ts'

/** Gives a role as ListRoles has it. AWS: without tags and boundary. */
export const listedRole = (ctx: Context, role: RoleRecord) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.created),
  AssumeRolePolicyDocument: encodeDocument(policyText(role.trustPolicy, ctx.cloud.directory)),
  ...(role.description === undefined ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionSeconds,
})

/** Gives a role with all there is to tell. */
export const wholeRole = (ctx: Context, role: RoleRecord) => ({
  ...listedRole(ctx, role),
  ...boundaryOutput(role.boundary),
  ...(Object.keys(role.tags).length ? { Tags: tagList(role.tags) } : {}),
})
