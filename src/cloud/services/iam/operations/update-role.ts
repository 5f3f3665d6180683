/** iam:UpdateRole, iam:UpdateRoleDescription and iam:UpdateAssumeRolePolicy. */
import { operation } from '../../../kernel/operation.ts'
import { trustPolicy } from '../engine/document.ts'
import { change, find, onPrincipal, ROLE } from '../engine/principals.ts'
import { wholeRole } from '../engine/role-output.ts'

/** Errors: NoSuchEntity. */
export const UpdateRole = operation({
  service: 'iam',
  name: 'UpdateRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'UpdateRole')],
  run: ({ RoleName, Description, MaxSessionDuration }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    const description = Description ?? role.description
    change(ctx, ROLE, role, { description, maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const UpdateRoleDescription = operation({
  service: 'iam',
  name: 'UpdateRoleDescription',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'UpdateRoleDescription')],
  run: ({ RoleName, Description }, ctx) => {
    const role = change(ctx, ROLE, find(ctx, ROLE, RoleName), { description: Description })
    return { Role: wholeRole(ctx, role) }
  },
})

/** Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
export const UpdateAssumeRolePolicy = operation({
  service: 'iam',
  name: 'UpdateAssumeRolePolicy',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'UpdateAssumeRolePolicy')],
  run: ({ RoleName, PolicyDocument }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    change(ctx, ROLE, role, { trustPolicy: trustPolicy(PolicyDocument, ctx.cloud.directory) })
    return {}
  },
})
