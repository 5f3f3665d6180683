/** iam:CreateUser, GetUser, ListUsers and DeleteUser. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { boundaryKey, existingBoundary } from '../engine/boundary.ts'
import { byName, page } from '../engine/page.ts'
import { find, newPrincipal, onAll, onPrincipal, tableOf, USER } from '../engine/principals.ts'
import { addTags } from '../engine/tags.ts'
import { listedUser, wholeUser } from '../engine/user-output.ts'
import { accessKeys, type UserRecord } from '../state.ts'

/** Errors: EntityAlreadyExists, NoSuchEntity (boundary), InvalidInput, LimitExceeded. */
export const CreateUser = operation({
  service: 'iam',
  name: 'CreateUser',
  access: ({ UserName, Path = '/', PermissionsBoundary, Tags }, ctx) => {
    const resource = formatArn('iam', '', ctx.account, `user${Path}${UserName}`)
    const context = boundaryKey(PermissionsBoundary)
    const create = { action: 'iam:CreateUser', resource, context }
    return Tags?.length ? [create, { ...create, action: 'iam:TagUser' }] : [create]
  },
  run: (input, ctx) => {
    const user: UserRecord = {
      ...newPrincipal(ctx, USER, { name: input.UserName, path: input.Path }),
      boundary: input.PermissionsBoundary && existingBoundary(ctx, input.PermissionsBoundary),
      tags: addTags({}, input.Tags),
      groups: [],
    }
    tableOf(ctx, USER.collection).put(user.name.toLowerCase(), user)
    return { User: wholeUser(user) }
  },
})

/**
 * Gives the name of the user a call is about: the calling user's own where it names none.
 * Errors: ValidationError when the caller is no user.
 */
export function userName(name: string | undefined, { identity }: Context): string {
  if (name !== undefined) return name
  if (identity.kind === 'user') return identity.arn.slice(identity.arn.lastIndexOf('/') + 1)
  throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials')
}

/** AWS: without a name the calling user; the root user gets itself. Errors: NoSuchEntity, ValidationError. */
export const GetUser = operation({
  service: 'iam',
  name: 'GetUser',
  access: ({ UserName }, ctx) => {
    if (UserName === undefined && ctx.identity.kind === 'root') return []
    return [onPrincipal(ctx, USER, userName(UserName, ctx), 'GetUser')]
  },
  run: ({ UserName }, ctx) => {
    const { identity, account } = ctx
    if (UserName !== undefined || identity.kind !== 'root')
      return { User: wholeUser(find(ctx, USER, userName(UserName, ctx))) }
    return {
      User: { Path: '/', UserName: '', UserId: account, Arn: identity.arn, CreateDate: new Date(0) },
    }
  },
})

export const ListUsers = operation({
  service: 'iam',
  name: 'ListUsers',
  access: ({ PathPrefix = '/' }, ctx) => [onAll(ctx, 'ListUsers', `user${PathPrefix}`)],
  run: (input, ctx) => {
    const all = tableOf(ctx, USER.collection).values()
    const wanted = all.filter((user) => user.path.startsWith(input.PathPrefix ?? '/'))
    const { items, rest } = page(input, byName(wanted))
    return { Users: items.map(listedUser), ...rest }
  },
})

/** AWS: access keys, policies and group memberships must be gone first. Errors: NoSuchEntity, DeleteConflict. */
export const DeleteUser = operation({
  service: 'iam',
  name: 'DeleteUser',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'DeleteUser')],
  run: ({ UserName }, ctx) => {
    const first = whatStands(ctx, find(ctx, USER, UserName))
    if (first)
      throw new AwsError('DeleteConflict', `Cannot delete entity, must ${first} first.`, { status: 409 })
    tableOf(ctx, USER.collection).delete(UserName.toLowerCase())
    return {}
  },
})

function whatStands(ctx: Context, user: UserRecord): string | undefined {
  const keys = ctx.table(accessKeys, '', '').values()
  if (keys.some((key) => key.account === ctx.account && key.user === user.name)) return 'delete access keys'
  if (user.attachedPolicies.length) return 'detach all policies'
  if (user.groups.length) return 'remove users from group'
  return Object.keys(user.inlinePolicies).length ? 'delete policies' : undefined
}
