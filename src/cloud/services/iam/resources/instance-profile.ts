/** AWS::IAM::InstanceProfile. */

import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { unlessGone } from './property.ts'

async function applyRoles(
  InstanceProfileName: string,
  after: string[],
  before: string[],
  rc: ResourceContext,
): Promise<void> {
  for (const RoleName of before)
    if (!after.includes(RoleName))
      await unlessGone(rc.call('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }))
  for (const RoleName of after)
    if (!before.includes(RoleName))
      await rc.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName })
}

async function remove(
  InstanceProfileName: string,
  { Roles }: Properties,
  rc: ResourceContext,
): Promise<void> {
  await unlessGone(rc.call('iam', 'GetInstanceProfile', { InstanceProfileName }))
  await applyRoles(InstanceProfileName, [], Roles, rc)
  await unlessGone(rc.call('iam', 'DeleteInstanceProfile', { InstanceProfileName }))
}

export const instanceProfile = resourceType({
  type: 'AWS::IAM::InstanceProfile',
  create: async (properties, rc) => {
    const name: string = properties.InstanceProfileName ?? rc.generateName()
    const { InstanceProfile } = await rc.call('iam', 'CreateInstanceProfile', {
      InstanceProfileName: name,
      Path: properties.Path,
    })
    rc.made(name)
    await applyRoles(name, properties.Roles, [], rc)
    await rc.call('iam', 'GetInstanceProfile', { InstanceProfileName: name })
    return { physicalId: name, attributes: { Arn: InstanceProfile!.Arn } }
  },
  update: async (name, properties, previous, rc) => {
    await rc.call('iam', 'GetInstanceProfile', { InstanceProfileName: name })
    await applyRoles(name, properties.Roles, previous.Roles, rc)
    return { physicalId: name }
  },
  read: async (name, rc) => {
    const input = { InstanceProfileName: name }
    const found = await unlessAbsent(rc.call('iam', 'GetInstanceProfile', input), 'NoSuchEntity')
    return found && { physicalId: name, attributes: { Arn: found.InstanceProfile?.Arn } }
  },
  delete: remove,
})
