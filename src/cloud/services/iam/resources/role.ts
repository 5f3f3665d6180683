/** AWS::IAM::Role. */
import { type Properties, type ResourceContext, resourceType } from '../../../resource-type.ts'
import { roleCalls } from './principal-calls.ts'
import {
  applyBoundary,
  applyPolicies,
  applyTags,
  documentText,
  orUndo,
  tagInput,
  tagsOf,
  unlessGone,
} from './property.ts'

const NAME_LIMIT = 64
const HOUR = 3_600

/** AWS: CloudFormation reads the role it made, which takes iam:GetRole. */
async function outcome(RoleName: string, rc: ResourceContext) {
  const { Role } = await rc.call('iam', 'GetRole', { RoleName })
  return { physicalId: RoleName, attributes: { Arn: Role!.Arn, RoleId: Role!.RoleId } }
}

async function remove(RoleName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  await applyPolicies(roleCalls(rc, RoleName), {}, properties)
  await unlessGone(rc.call('iam', 'DeleteRole', { RoleName }))
}

export const role = resourceType({
  type: 'AWS::IAM::Role',
  create: async (properties, rc) => {
    const RoleName: string = properties.RoleName ?? rc.generateName({ maxLength: NAME_LIMIT })
    const tags = tagInput(tagsOf(properties, rc))
    await rc.call('iam', 'CreateRole', {
      RoleName,
      Path: properties.Path,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      ...(tags.length ? { Tags: tags } : {}),
    })
    await orUndo(
      () => applyPolicies(roleCalls(rc, RoleName), properties),
      () => remove(RoleName, properties, rc),
    )
    return outcome(RoleName, rc)
  },
  update: async (RoleName, properties, previous, rc) => {
    const trust = documentText(properties.AssumeRolePolicyDocument)
    if (trust !== documentText(previous.AssumeRolePolicyDocument))
      await rc.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust })
    const { Description, MaxSessionDuration } = properties
    if (Description !== previous.Description || MaxSessionDuration !== previous.MaxSessionDuration)
      await rc.call('iam', 'UpdateRole', {
        RoleName,
        Description: Description ?? '',
        MaxSessionDuration: MaxSessionDuration ?? HOUR,
      })
    const calls = roleCalls(rc, RoleName)
    await applyBoundary(calls, properties, previous)
    await applyPolicies(calls, properties, previous)
    const { Role } = await rc.call('iam', 'GetRole', { RoleName })
    await applyTags(calls, tagsOf(properties, rc), Role!.Tags)
    return { physicalId: RoleName }
  },
  delete: remove,
})
