/** iam:CreateRole. */
import { formatArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { trustPolicy } from '../engine/document.ts'
import { newPrincipal, ROLE, tableOf } from '../engine/principals.ts'
import { wholeRole } from '../engine/role-output.ts'
import { addTags } from '../engine/tags.ts'
import type { RoleRecord } from '../state.ts'

const HOUR = 3_600

/**
 * Makes a role. AWS: tags at creation take iam:TagRole as well; every principal of the trust policy must exist.
 * Errors: EntityAlreadyExists, MalformedPolicyDocument, NoSuchEntity (boundary), InvalidInput, LimitExceeded.
 */
export const CreateRole = operation({
  service: 'iam',
  name: 'CreateRole',
  access: ({ RoleName, Path = '/', PermissionsBoundary, Tags }, ctx) => {
    const resource = formatArn('iam', '', ctx.account, `role${Path}${RoleName}`)
    const context = boundaryKey(PermissionsBoundary)
    const create = { action: 'iam:CreateRole', resource, context }
    return Tags?.length ? [create, { ...create, action: 'iam:TagRole' }] : [create]
  },
  run: (input, ctx) => {
    const role: RoleRecord = {
      ...newPrincipal(ctx, ROLE, { name: input.RoleName, path: input.Path }),
      trustPolicy: trustPolicy(input.AssumeRolePolicyDocument, ctx.cloud.directory),
      description: input.Description,
      maxSessionSeconds: input.MaxSessionDuration ?? HOUR,
      boundary: input.PermissionsBoundary && existingBoundary(ctx, input.PermissionsBoundary),
      tags: addTags({}, input.Tags),
    }
    tableOf(ctx, ROLE.collection).put(role.name.toLowerCase(), role)
    return { Role: wholeRole(ctx, role) }
  },
})
