/** AWS::IAM::User. */

import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { userTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { userCalls } from './principal-calls.ts'
import {
  applyBoundary,
  applyPolicies,
  applyTags,
  lookAtPolicies,
  readInline,
  unlessGone,
} from './property.ts'

async function applyGroups(
  UserName: string,
  after: Properties,
  before: Properties,
  rc: ResourceContext,
): Promise<void> {
  const [now, then]: string[][] = [after.Groups ?? [], before.Groups ?? []]
  for (const GroupName of now!)
    if (!then!.includes(GroupName)) await rc.call('iam', 'AddUserToGroup', { GroupName, UserName })
  for (const GroupName of then!)
    if (!now!.includes(GroupName))
      await unlessGone(rc.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }))
}

/** AWS: before a user is deleted, the handler looks for everything that it may hold. */
async function lookAt(UserName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const calls = userCalls(rc, UserName)
  await calls.get()
  await unlessGone(rc.call('iam', 'GetLoginProfile', { UserName }))
  await rc.call('iam', 'ListAccessKeys', { UserName })
  await rc.call('iam', 'ListGroupsForUser', { UserName })
  await lookAtPolicies(calls)
  await readInline(calls, properties)
}

async function remove(UserName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const calls = userCalls(rc, UserName)
  await unlessGone(lookAt(UserName, properties, rc))
  await applyPolicies(calls, {}, properties)
  await applyGroups(UserName, {}, properties, rc)
  await unlessGone(rc.call('iam', 'DeleteUser', { UserName }))
}

export const user = resourceType({
  type: 'AWS::IAM::User',
  create: async (properties, rc) => {
    const UserName: string = properties.UserName ?? rc.generateName()
    const { Path, PermissionsBoundary } = properties
    const tags = tagList(userTags(properties, rc))
    const { User } = await rc.call('iam', 'CreateUser', {
      UserName,
      Path,
      PermissionsBoundary,
      ...(tags.length ? { Tags: tags } : {}),
    })
    rc.made(UserName)
    const calls = userCalls(rc, UserName)
    await applyPolicies(calls, properties)
    await applyGroups(UserName, properties, {}, rc)
    await calls.get()
    return { physicalId: UserName, attributes: { Arn: User!.Arn } }
  },
  update: async (UserName, properties, previous, rc) => {
    const calls = userCalls(rc, UserName)
    await applyBoundary(calls, properties, previous)
    await applyPolicies(calls, properties, previous)
    await applyGroups(UserName, properties, previous, rc)
    await calls.get()
    await unlessGone(rc.call('iam', 'GetLoginProfile', { UserName }))
    const { Tags } = await rc.call('iam', 'ListUserTags', { UserName })
    await applyTags(calls, userTags(properties, rc), Tags)
    return { physicalId: UserName }
  },
  read: async (UserName, rc) => {
    const found = await unlessAbsent(rc.call('iam', 'GetUser', { UserName }), 'NoSuchEntity')
    return found && { physicalId: UserName, attributes: { Arn: found.User?.Arn } }
  },
  delete: remove,
})
