/** The permissions boundary and the tags of a role. */
import { operation } from '../../../kernel/operation.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { page } from '../engine/page.ts'
import { change, find, onPrincipal, ROLE } from '../engine/principals.ts'
import { addTags, removeTags, tagList } from '../engine/tags.ts'

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
export const TagRole = operation({
  service: 'iam',
  name: 'TagRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'TagRole')],
  run: ({ RoleName, Tags }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    change(ctx, ROLE, role, { tags: addTags(role.tags, Tags) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const UntagRole = operation({
  service: 'iam',
  name: 'UntagRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'UntagRole')],
  run: ({ RoleName, TagKeys }, ctx) => {
    const role = find(ctx, ROLE, RoleName)
    change(ctx, ROLE, role, { tags: removeTags(role.tags, TagKeys) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListRoleTags = operation({
  service: 'iam',
  name: 'ListRoleTags',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'ListRoleTags')],
  run: (input, ctx) => {
    const { items, rest } = page(input, tagList(find(ctx, ROLE, input.RoleName).tags))
    return { Tags: items, ...rest }
  },
})

/** Every operation of this file. */
export const roleSettingOperations = [
  PutRolePermissionsBoundary,
  DeleteRolePermissionsBoundary,
  TagRole,
  UntagRole,
  ListRoleTags,
]
