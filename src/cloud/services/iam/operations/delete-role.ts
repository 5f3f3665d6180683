/** iam:DeleteRole. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { find, onPrincipal, ROLE, tableOf } from '../engine/principals.ts'
import { instanceProfiles, type RoleRecord } from '../state.ts'

/** AWS: policies and instance profiles must be gone first. Errors: NoSuchEntity, DeleteConflict. */
export const DeleteRole = operation({
  service: 'iam',
  name: 'DeleteRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'DeleteRole')],
  run: ({ RoleName }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    const first = whatStands(ctx, role)
    if (first)
      throw new AwsError('DeleteConflict', `Cannot delete entity, must ${first} first.`, { status: 409 })
    tableOf(ctx, ROLE.collection).delete(RoleName.toLowerCase())
    return {}
  },
})

function whatStands(ctx: Context, role: RoleRecord): string | undefined {
  const profiles = tableOf(ctx, instanceProfiles).values()
  if (profiles.some((profile) => profile.role === role.name)) return 'remove roles from instance profile'
  if (role.attachedPolicies.length) return 'detach all policies'
  return Object.keys(role.inlinePolicies).length ? 'delete policies' : undefined
}
