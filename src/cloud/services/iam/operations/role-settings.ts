/** The permissions boundary and the tags of a role. */
import { operation } from '../../../kernel/operation.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { type PageRequest, pageOfTags } from '../engine/page.ts'
import { change, find, onPrincipal, ROLE } from '../engine/principals.ts'

/** Errors: NoSuchEntity. */
export const PutRolePermissionsBoundary = operation({
  service: 'iam',
  name: 'PutRolePermissionsBoundary',
  access: ({ RoleName, PermissionsBoundary }, ctx) => [
    onPrincipal(ctx, ROLE, RoleName, 'PutRolePermissionsBoundary', boundaryKey(PermissionsBoundary)),
  ],
  run: ({ RoleName, PermissionsBoundary }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    change(ctx, ROLE, role, { boundary: existingBoundary(ctx, PermissionsBoundary) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DeleteRolePermissionsBoundary = operation({
  service: 'iam',
  name: 'DeleteRolePermissionsBoundary',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'DeleteRolePermissionsBoundary')],
  run: ({ RoleName }, ctx) => {
    change(ctx, ROLE, find(ctx, ROLE, RoleName), { boundary: undefined })
    return {}
  },
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
const tagging = tagOperations<PageRequest & { readonly RoleName: string }>({
  service: 'iam',
  names: ['TagRole', 'UntagRole', 'ListRoleTags'],
  members: ['Tags', 'TagKeys'],
  form: tagPairs('Key', 'Value'),
  resource: ({ RoleName }) => ROLE.resource.tagged(RoleName),
  listed: pageOfTags,
})

/** Every operation of this file. */
export const roleSettingOperations = [PutRolePermissionsBoundary, DeleteRolePermissionsBoundary, ...tagging]
