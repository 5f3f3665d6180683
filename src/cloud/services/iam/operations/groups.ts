/** Groups and who is in them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { byName, page } from '../engine/page.ts'
import { change, find, GROUP, newPrincipal, onAll, onPrincipal, tableOf, USER } from '../engine/principals.ts'
import { listedUser } from '../engine/user-output.ts'
import type { GroupRecord } from '../state.ts'

const output = (group: GroupRecord) => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: new Date(group.created),
})

const membersOf = (ctx: Context, group: GroupRecord) =>
  tableOf(ctx, USER.collection)
    .values()
    .filter((user) => user.groups.includes(group.name))

/** Errors: EntityAlreadyExists. */
export const CreateGroup = operation({
  service: 'iam',
  name: 'CreateGroup',
  access: ({ GroupName, Path = '/' }, ctx) => [
    { action: 'iam:CreateGroup', resource: formatArn('iam', '', ctx.account, `group${Path}${GroupName}`) },
  ],
  run: ({ GroupName, Path }, ctx) => {
    const group = newPrincipal(ctx, GROUP, { name: GroupName, path: Path })
    tableOf(ctx, GROUP.collection).put(GroupName.toLowerCase(), group)
    return { Group: output(group) }
  },
})

/** Errors: NoSuchEntity. */
export const GetGroup = operation({
  service: 'iam',
  name: 'GetGroup',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'GetGroup')],
  run: (input, ctx) => {
    const group = find(ctx, GROUP, input.GroupName)
    const { items, rest } = page(input, byName(membersOf(ctx, group)))
    return { Group: output(group), Users: items.map(listedUser), ...rest }
  },
})

export const ListGroups = operation({
  service: 'iam',
  name: 'ListGroups',
  access: ({ PathPrefix = '/' }, ctx) => [onAll(ctx, 'ListGroups', `group${PathPrefix}`)],
  run: (input, ctx) => {
    const all = tableOf(ctx, GROUP.collection).values()
    const { items, rest } = page(
      input,
      byName(all.filter((group) => group.path.startsWith(input.PathPrefix ?? '/'))),
    )
    return { Groups: items.map(output), ...rest }
  },
})

/** AWS: members and policies must be gone first. Errors: NoSuchEntity, DeleteConflict. */
export const DeleteGroup = operation({
  service: 'iam',
  name: 'DeleteGroup',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'DeleteGroup')],
  run: ({ GroupName }, ctx) => {
    const first = whatStands(ctx, find(ctx, GROUP, GroupName))
    if (first)
      throw new AwsError('DeleteConflict', `Cannot delete entity, must ${first} first.`, { status: 409 })
    tableOf(ctx, GROUP.collection).delete(GroupName.toLowerCase())
    return {}
  },
})

function whatStands(ctx: Context, group: GroupRecord): string | undefined {
  if (membersOf(ctx, group).length) return 'remove users from group'
  if (group.attachedPolicies.length) return 'detach all policies'
  return Object.keys(group.inlinePolicies).length ? 'delete policies' : undefined
}

/** Errors: NoSuchEntity. */
export const AddUserToGroup = operation({
  service: 'iam',
  name: 'AddUserToGroup',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'AddUserToGroup')],
  run: ({ GroupName, UserName }, ctx) => {
    const group = find(ctx, GROUP, GroupName)
    const user = find(ctx, USER, UserName)
    change(ctx, USER, user, { groups: [...new Set([...user.groups, group.name])] })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const RemoveUserFromGroup = operation({
  service: 'iam',
  name: 'RemoveUserFromGroup',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'RemoveUserFromGroup')],
  run: ({ GroupName, UserName }, ctx) => {
    const group = find(ctx, GROUP, GroupName)
    const user = find(ctx, USER, UserName)
    change(ctx, USER, user, { groups: user.groups.filter((name) => name !== group.name) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListGroupsForUser = operation({
  service: 'iam',
  name: 'ListGroupsForUser',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'ListGroupsForUser')],
  run: (input, ctx) => {
    const names = find(ctx, USER, input.UserName).groups
    const { items, rest } = page(input, byName(names.map((name) => find(ctx, GROUP, name))))
    return { Groups: items.map(output), ...rest }
  },
})

/** Every operation of this file. */
export const groupOperations = [
  CreateGroup,
  GetGroup,
  ListGroups,
  DeleteGroup,
  AddUserToGroup,
  RemoveUserFromGroup,
  ListGroupsForUser,
]
