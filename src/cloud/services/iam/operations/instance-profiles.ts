/** Instance profiles: a role in the form that EC2 takes. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { byName, page } from '../engine/page.ts'
import { find, onAll, onPrincipal, ROLE, resourceTagKeys, tableOf } from '../engine/principals.ts'
import { listedRole } from '../engine/role-output.ts'
import { addTags, tagList } from '../engine/tags.ts'
import { type InstanceProfileRecord, instanceProfiles } from '../state.ts'

function findProfile(ctx: Context, name: string): InstanceProfileRecord {
  const profile = tableOf(ctx, instanceProfiles).get(name.toLowerCase())
  if (profile) return profile
  throw new AwsError('NoSuchEntity', `Instance Profile ${name} cannot be found.`, { status: 404 })
}

function onProfile(ctx: Context, name: string, action: string): AccessRequest {
  const profile = tableOf(ctx, instanceProfiles).get(name.toLowerCase())
  return {
    action: `iam:${action}`,
    resource: profile?.arn ?? formatArn('iam', '', ctx.account, `instance-profile/${name}`),
    resourceInWords: `resource: instance profile ${name}`,
    context: resourceTagKeys(profile?.tags ?? {}),
  }
}

const output = (ctx: Context, profile: InstanceProfileRecord) => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: profile.arn,
  CreateDate: new Date(profile.created),
  Roles: profile.role === undefined ? [] : [listedRole(ctx, find(ctx, ROLE, profile.role))],
  Tags: tagList(profile.tags),
})

/** Errors: EntityAlreadyExists, InvalidInput, LimitExceeded. */
export const CreateInstanceProfile = operation({
  service: 'iam',
  name: 'CreateInstanceProfile',
  access: ({ InstanceProfileName, Path = '/', Tags }, ctx) => {
    const resource = formatArn('iam', '', ctx.account, `instance-profile${Path}${InstanceProfileName}`)
    const create = { action: 'iam:CreateInstanceProfile', resource }
    return Tags?.length ? [create, { ...create, action: 'iam:TagInstanceProfile' }] : [create]
  },
  run: ({ InstanceProfileName: name, Path: path = '/', Tags }, ctx) => {
    const table = tableOf(ctx, instanceProfiles)
    if (table.has(name.toLowerCase()))
      throw new AwsError('EntityAlreadyExists', `Instance Profile ${name} already exists.`, { status: 409 })
    const profile: InstanceProfileRecord = {
      name,
      path,
      arn: formatArn('iam', '', ctx.account, `instance-profile${path}${name}`),
      id: `AIPA${ctx.cloud.ids.upper(17)}`,
      created: ctx.cloud.clock.now(),
      tags: addTags({}, Tags),
    }
    table.put(name.toLowerCase(), profile)
    return { InstanceProfile: output(ctx, profile) }
  },
})

/** Errors: NoSuchEntity. */
export const GetInstanceProfile = operation({
  service: 'iam',
  name: 'GetInstanceProfile',
  access: ({ InstanceProfileName }, ctx) => [onProfile(ctx, InstanceProfileName, 'GetInstanceProfile')],
  run: ({ InstanceProfileName }, ctx) => ({
    InstanceProfile: output(ctx, findProfile(ctx, InstanceProfileName)),
  }),
})

export const ListInstanceProfiles = operation({
  service: 'iam',
  name: 'ListInstanceProfiles',
  access: ({ PathPrefix = '/' }, ctx) => [
    onAll(ctx, 'ListInstanceProfiles', `instance-profile${PathPrefix}`),
  ],
  run: (input, ctx) => {
    const all = tableOf(ctx, instanceProfiles).values()
    const { items, rest } = page(
      input,
      byName(all.filter((profile) => profile.path.startsWith(input.PathPrefix ?? '/'))),
    )
    return { InstanceProfiles: items.map((profile) => output(ctx, profile)), ...rest }
  },
})

/** Errors: NoSuchEntity. */
export const ListInstanceProfilesForRole = operation({
  service: 'iam',
  name: 'ListInstanceProfilesForRole',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'ListInstanceProfilesForRole')],
  run: (input, ctx) => {
    const role = find(ctx, ROLE, input.RoleName)
    const all = tableOf(ctx, instanceProfiles).values()
    const { items, rest } = page(input, byName(all.filter((profile) => profile.role === role.name)))
    return { InstanceProfiles: items.map((profile) => output(ctx, profile)), ...rest }
  },
})

/** AWS: one role at most; the role is passed to EC2. Errors: NoSuchEntity, LimitExceeded. */
export const AddRoleToInstanceProfile = operation({
  service: 'iam',
  name: 'AddRoleToInstanceProfile',
  access: ({ InstanceProfileName, RoleName }, ctx) => [
    onProfile(ctx, InstanceProfileName, 'AddRoleToInstanceProfile'),
    {
      action: 'iam:PassRole',
      resource: onPrincipal(ctx, ROLE, RoleName, 'PassRole').resource,
      context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    },
  ],
  run: ({ InstanceProfileName, RoleName }, ctx) => {
    const profile = findProfile(ctx, InstanceProfileName)
    const role = find(ctx, ROLE, RoleName)
    if (profile.role !== undefined)
      throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', {
        status: 409,
      })
    tableOf(ctx, instanceProfiles).put(profile.name.toLowerCase(), { ...profile, role: role.name })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const RemoveRoleFromInstanceProfile = operation({
  service: 'iam',
  name: 'RemoveRoleFromInstanceProfile',
  access: ({ InstanceProfileName }, ctx) => [
    onProfile(ctx, InstanceProfileName, 'RemoveRoleFromInstanceProfile'),
  ],
  run: ({ InstanceProfileName, RoleName }, ctx) => {
    const { role, ...profile } = findProfile(ctx, InstanceProfileName)
    if (role !== RoleName)
      throw new AwsError('NoSuchEntity', `Role ${RoleName} cannot be found.`, { status: 404 })
    tableOf(ctx, instanceProfiles).put(profile.name.toLowerCase(), profile)
    return {}
  },
})

/** AWS: its role must be gone first. Errors: NoSuchEntity, DeleteConflict. */
export const DeleteInstanceProfile = operation({
  service: 'iam',
  name: 'DeleteInstanceProfile',
  access: ({ InstanceProfileName }, ctx) => [onProfile(ctx, InstanceProfileName, 'DeleteInstanceProfile')],
  run: ({ InstanceProfileName }, ctx) => {
    const profile = findProfile(ctx, InstanceProfileName)
    if (profile.role !== undefined)
      throw new AwsError(
        'DeleteConflict',
        'Cannot delete entity, must remove roles from instance profile first.',
        { status: 409 },
      )
    tableOf(ctx, instanceProfiles).delete(profile.name.toLowerCase())
    return {}
  },
})

/** Every operation of this file. */
export const instanceProfileOperations = [
  CreateInstanceProfile,
  GetInstanceProfile,
  ListInstanceProfiles,
  ListInstanceProfilesForRole,
  AddRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile,
  DeleteInstanceProfile,
]
