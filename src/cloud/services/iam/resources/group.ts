/** AWS::IAM::Group. */
import { type Properties, type ResourceContext, resourceType } from '../../../resource-type.ts'
import { groupCalls } from './principal-calls.ts'
import { applyPolicies, orUndo, unlessGone } from './property.ts'

const NAME_LIMIT = 128

async function remove(GroupName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  await applyPolicies(groupCalls(rc, GroupName), {}, properties)
  await unlessGone(rc.call('iam', 'DeleteGroup', { GroupName }))
}

export const group = resourceType({
  type: 'AWS::IAM::Group',
  replacedBy: ['Path'],
  create: async (properties, rc) => {
    const GroupName: string = properties.GroupName ?? rc.generateName({ maxLength: NAME_LIMIT })
    const { Group } = await rc.call('iam', 'CreateGroup', { GroupName, Path: properties.Path })
    await orUndo(
      () => applyPolicies(groupCalls(rc, GroupName), properties),
      () => remove(GroupName, properties, rc),
    )
    return { physicalId: GroupName, attributes: { Arn: Group!.Arn } }
  },
  update: async (GroupName, properties, previous, rc) => {
    await applyPolicies(groupCalls(rc, GroupName), properties, previous)
    return { physicalId: GroupName }
  },
  delete: remove,
})
