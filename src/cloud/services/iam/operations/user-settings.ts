/** The permissions boundary and the tags of a user. */
import { operation } from '../../../kernel/operation.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { page } from '../engine/page.ts'
import { change, find, onPrincipal, USER } from '../engine/principals.ts'
import { addTags, removeTags, tagList } from '../engine/tags.ts'

/** Errors: NoSuchEntity. */
export const PutUserPermissionsBoundary = operation({
  service: 'iam',
  name: 'PutUserPermissionsBoundary',
  access: ({ UserName, PermissionsBoundary }, ctx) => [
    onPrincipal(ctx, USER, UserName, 'PutUserPermissionsBoundary', boundaryKey(PermissionsBoundary)),
  ],
  run: ({ UserName, PermissionsBoundary }, ctx) => {
    const user = find(ctx, USER, UserName)
    change(ctx, USER, user, { boundary: existingBoundary(ctx, PermissionsBoundary) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DeleteUserPermissionsBoundary = operation({
  service: 'iam',
  name: 'DeleteUserPermissionsBoundary',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'DeleteUserPermissionsBoundary')],
  run: ({ UserName }, ctx) => {
    change(ctx, USER, find(ctx, USER, UserName), { boundary: undefined })
    return {}
  },
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export const TagUser = operation({
  service: 'iam',
  name: 'TagUser',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'TagUser')],
  run: ({ UserName, Tags }, ctx) => {
    const user = find(ctx, USER, UserName)
    change(ctx, USER, user, { tags: addTags(user.tags, Tags) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const UntagUser = operation({
  service: 'iam',
  name: 'UntagUser',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'UntagUser')],
  run: ({ UserName, TagKeys }, ctx) => {
    const user = find(ctx, USER, UserName)
    change(ctx, USER, user, { tags: removeTags(user.tags, TagKeys) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListUserTags = operation({
  service: 'iam',
  name: 'ListUserTags',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'ListUserTags')],
  run: (input, ctx) => {
    const { items, rest } = page(input, tagList(find(ctx, USER, input.UserName).tags))
    return { Tags: items, ...rest }
  },
})

/** Every operation of this file. */
export const userSettingOperations = [
  PutUserPermissionsBoundary,
  DeleteUserPermissionsBoundary,
  TagUser,
  UntagUser,
  ListUserTags,
]
