/** AWS::IAM::User. */
import { type Properties, type ResourceContext, resourceType } from '../../../resource-type.ts'
import { refuseUnsupported } from '../../../unsupported.ts'
import { userCalls } from './principal-calls.ts'
import { applyBoundary, applyPolicies, applyTags, orUndo, tagInput, tagsOf, unlessGone } from './property.ts'

const NAME_LIMIT = 64

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

async function remove(UserName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  await applyPolicies(userCalls(rc, UserName), {}, properties)
  await applyGroups(UserName, {}, properties, rc)
  await unlessGone(rc.call('iam', 'DeleteUser', { UserName }))
}

export const user = resourceType({
  type: 'AWS::IAM::User',
  replacedBy: ['Path'],
  create: async (properties, rc) => {
    refuseUnsupported(properties, ['LoginProfile'])
    const UserName: string = properties.UserName ?? rc.generateName({ maxLength: NAME_LIMIT })
    const { Path, PermissionsBoundary } = properties
    const tags = tagInput(tagsOf(properties, rc))
    const { User } = await rc.call('iam', 'CreateUser', {
      UserName,
      Path,
      PermissionsBoundary,
      ...(tags.length ? { Tags: tags } : {}),
    })
    await orUndo(
      async () => {
        await applyPolicies(userCalls(rc, UserName), properties)
        await applyGroups(UserName, properties, {}, rc)
      },
      () => remove(UserName, properties, rc),
    )
    return { physicalId: UserName, attributes: { Arn: User!.Arn } }
  },
  update: async (UserName, properties, previous, rc) => {
    refuseUnsupported(properties, ['LoginProfile'])
    const calls = userCalls(rc, UserName)
    await applyBoundary(calls, properties, previous)
    await applyPolicies(calls, properties, previous)
    await applyGroups(UserName, properties, previous, rc)
    const { User } = await rc.call('iam', 'GetUser', { UserName })
    await applyTags(calls, tagsOf(properties, rc), User!.Tags)
    return { physicalId: UserName }
  },
  delete: remove,
})
