/** iam:GetRole and iam:ListRoles. */
import { operation } from '../../../kernel/operation.ts'
import { byName, page } from '../engine/page.ts'
import { find, onAll, onPrincipal, ROLE, tableOf } from '../engine/principals.ts'
import { listedRole, wholeRole } from '../engine/role-output.ts'

/** Errors: NoSuchEntity. */
export const GetRole = operation({
  service: 'iam',
  name: 'GetRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'GetRole')],
  run: ({ RoleName }, ctx) => ({ Role: wholeRole(ctx, find(ctx, ROLE, RoleName)) }),
})

export const ListRoles = operation({
  service: 'iam',
  name: 'ListRoles',
  access: ({ PathPrefix = '/' }, ctx) => [onAll(ctx, 'ListRoles', `role${PathPrefix}`)],
  run: (input, ctx) => {
    const all = tableOf(ctx, ROLE.collection).values()
    const wanted = all.filter((role) => role.path.startsWith(input.PathPrefix ?? '/'))
    const { items, rest } = page(input, byName(wanted))
    return { Roles: items.map((role) => listedRole(ctx, role)), ...rest }
  },
})
