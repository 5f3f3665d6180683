/** AWS::IAM::Group. */

import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { groupCalls } from './principal-calls.ts'
import { applyPolicies, lookAtPolicies, readInline, unlessGone } from './property.ts'

/** AWS: what the handler makes or changes it reads back, and what it is about to delete. */
async function readBack(GroupName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const calls = groupCalls(rc, GroupName)
  await calls.get()
  await readInline(calls, properties)
}

async function remove(GroupName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const calls = groupCalls(rc, GroupName)
  await unlessGone(readBack(GroupName, properties, rc).then(() => lookAtPolicies(calls)))
  await applyPolicies(calls, {}, properties)
  await unlessGone(rc.call('iam', 'DeleteGroup', { GroupName }))
}

export const group = resourceType({
  type: 'AWS::IAM::Group',
  create: async (properties, rc) => {
    const GroupName: string = properties.GroupName ?? rc.generateName()
    const { Group } = await rc.call('iam', 'CreateGroup', { GroupName, Path: properties.Path })
    rc.made(GroupName)
    await applyPolicies(groupCalls(rc, GroupName), properties)
    await readBack(GroupName, properties, rc)
    return { physicalId: GroupName, attributes: { Arn: Group!.Arn } }
  },
  update: async (GroupName, properties, previous, rc) => {
    await applyPolicies(groupCalls(rc, GroupName), properties, previous)
    await readBack(GroupName, properties, rc)
    return { physicalId: GroupName }
  },
  read: async (GroupName, rc) => {
    const found = await unlessAbsent(rc.call('iam', 'GetGroup', { GroupName }), 'NoSuchEntity')
    return found && { physicalId: GroupName, attributes: { Arn: found.Group?.Arn } }
  },
  delete: remove,
})
