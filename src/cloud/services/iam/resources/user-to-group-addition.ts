/** AWS::IAM::UserToGroupAddition. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessGone } from './property.ts'

const add = async ({ GroupName, Users }: Properties, rc: ResourceContext): Promise<void> => {
  for (const UserName of Users) await rc.call('iam', 'AddUserToGroup', { GroupName, UserName })
}

async function remove(
  { GroupName, Users }: Properties,
  rc: ResourceContext,
  kept: string[] = [],
): Promise<void> {
  for (const UserName of Users)
    if (!kept.includes(UserName))
      await unlessGone(rc.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }))
}

export const userToGroupAddition = resourceType({
  type: 'AWS::IAM::UserToGroupAddition',
  create: async (properties, rc) => {
    await add(properties, rc)
    const id = rc.generateName()
    return { physicalId: id, attributes: { Id: id } }
  },
  update: async (physicalId, properties, previous, rc) => {
    await add(properties, rc)
    await remove(previous, rc, properties.GroupName === previous.GroupName ? properties.Users : [])
    return { physicalId }
  },
  delete: (_physicalId, properties, rc) => remove(properties, rc),
})
