/** AWS::IAM::Role. */

import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { userTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { roleCalls } from './principal-calls.ts'
import {
  applyBoundary,
  applyPolicies,
  applyTags,
  documentText,
  lookAtPolicies,
  readInline,
  unlessGone,
} from './property.ts'

const HOUR = 3_600

/** AWS: what the handler makes or changes it reads back, with its policies. */
async function readBack(RoleName: string, properties: Properties, rc: ResourceContext) {
  const calls = roleCalls(rc, RoleName)
  const { Role } = await rc.call('iam', 'GetRole', { RoleName })
  await lookAtPolicies(calls)
  await readInline(calls, properties)
  return outcome(RoleName, Role)
}

const outcome = (physicalId: string, made: { Arn?: string; RoleId?: string } | undefined) => ({
  physicalId,
  attributes: { Arn: made?.Arn, RoleId: made?.RoleId },
})

async function remove(RoleName: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const calls = roleCalls(rc, RoleName)
  await unlessGone(calls.get().then(() => lookAtPolicies(calls)))
  await applyPolicies(calls, {}, properties)
  await unlessGone(rc.call('iam', 'DeleteRole', { RoleName }))
}

export const role = resourceType({
  type: 'AWS::IAM::Role',
  create: async (properties, rc) => {
    const RoleName: string = properties.RoleName ?? rc.generateName()
    const tags = tagList(userTags(properties, rc))
    await rc.call('iam', 'CreateRole', {
      RoleName,
      Path: properties.Path,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      ...(tags.length ? { Tags: tags } : {}),
    })
    rc.made(RoleName)
    await applyPolicies(roleCalls(rc, RoleName), properties)
    return readBack(RoleName, properties, rc)
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
    await applyTags(calls, userTags(properties, rc), Role!.Tags)
    return readBack(RoleName, properties, rc)
  },
  read: async (RoleName, rc) => {
    const found = await unlessAbsent(rc.call('iam', 'GetRole', { RoleName }), 'NoSuchEntity')
    return found && outcome(RoleName, found.Role)
  },
  current: async (RoleName, declared, rc) => {
    const found = await unlessAbsent(rc.call('iam', 'GetRole', { RoleName }), 'NoSuchEntity')
    if (!found?.Role) return undefined
    const { AssumeRolePolicyDocument, Path, Description, MaxSessionDuration, PermissionsBoundary } =
      found.Role
    const { AttachedPolicies = [] } = await rc.call('iam', 'ListAttachedRolePolicies', { RoleName })
    return {
      RoleName,
      Path,
      Description,
      MaxSessionDuration,
      AssumeRolePolicyDocument: asHeld(AssumeRolePolicyDocument),
      PermissionsBoundary: PermissionsBoundary?.PermissionsBoundaryArn,
      ManagedPolicyArns: AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
      Policies: await inlinePolicies(RoleName, declared, rc),
    }
  },
  delete: remove,
})

/** AWS: IAM gives documents as URL-encoded JSON. */
const asHeld = (document: string | undefined): unknown => JSON.parse(decodeURIComponent(document ?? '{}'))

/** Those of the template in its order, then those that were put on beside it. */
async function inlinePolicies(RoleName: string, { Policies = [] }: Properties, rc: ReadContext) {
  const { PolicyNames = [] } = await rc.call('iam', 'ListRolePolicies', { RoleName })
  const said = (Policies as Properties[]).map(({ PolicyName }) => PolicyName as string)
  const names = [
    ...said.filter((one) => PolicyNames.includes(one)),
    ...PolicyNames.filter((one) => !said.includes(one)),
  ]
  return Promise.all(
    names.map(async (PolicyName) => {
      const { PolicyDocument } = await rc.call('iam', 'GetRolePolicy', { RoleName, PolicyName })
      return { PolicyName, PolicyDocument: asHeld(PolicyDocument) }
    }),
  )
}
