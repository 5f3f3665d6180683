/** The permissions boundary and the tags of a user. */
import { operation } from '../../../kernel/operation.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { type PageRequest, pageOfTags } from '../engine/page.ts'
import { change, find, onPrincipal, USER } from '../engine/principals.ts'

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
const tagging = tagOperations<PageRequest & { readonly UserName: string }>({
  service: 'iam',
  names: ['TagUser', 'UntagUser', 'ListUserTags'],
  members: ['Tags', 'TagKeys'],
  form: tagPairs('Key', 'Value'),
  resource: ({ UserName }) => USER.resource.tagged(UserName),
  listed: pageOfTags,
})

/** Every operation of this file. */
export const userSettingOperations = [PutUserPermissionsBoundary, DeleteUserPermissionsBoundary, ...tagging]
