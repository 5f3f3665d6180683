/** Instance profiles: a role in the form that EC2 takes. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { resourceKind } from '../../../kernel/resource-kind.ts'
import { byName, page } from '../engine/page.ts'
import { find, onAll, onPrincipal, ROLE, tableOf } from '../engine/principals.ts'
import { listedRole } from '../engine/role-output.ts'
import { addTags, iamTags, tagList } from '../engine/tags.ts'
import { type InstanceProfileRecord, instanceProfiles } from '../state.ts'

/** An instance profile, named by its name in any letter case. */
export const profileKind = resourceKind({
  service: 'iam',
  table: instanceProfiles,
  key: (profile) => profile.name.toLowerCase(),
  found: (ctx, name: string) => {
    const record = tableOf(ctx, instanceProfiles).get(name.toLowerCase())
    const arn = record?.arn ?? formatArn('iam', '', ctx.account, `instance-profile/${name}`)
    return { record, arn, account: ctx.account, region: '', name }
  },
  absent: ({ name }) =>
    new AwsError('NoSuchEntity', `Instance Profile ${name} cannot be found.`, { status: 404 }),
  policy: 'none',
  tags: iamTags<InstanceProfileRecord>('TagInstanceProfile'),
  access: ({ name }) => ({ resourceInWords: `resource: instance profile ${name}` }),
})

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
  access: ({ InstanceProfileName }, ctx) => [profileKind.on(ctx, 'GetInstanceProfile', InstanceProfileName)],
  run: ({ InstanceProfileName }, ctx) => ({
    InstanceProfile: output(ctx, profileKind.find(ctx, InstanceProfileName)),
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
    profileKind.on(ctx, 'AddRoleToInstanceProfile', InstanceProfileName),
    {
      action: 'iam:PassRole',
      resource: onPrincipal(ctx, ROLE, RoleName, 'PassRole').resource,
      context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    },
  ],
  run: ({ InstanceProfileName, RoleName }, ctx) => {
    const profile = profileKind.find(ctx, InstanceProfileName)
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
    profileKind.on(ctx, 'RemoveRoleFromInstanceProfile', InstanceProfileName),
  ],
  run: ({ InstanceProfileName, RoleName }, ctx) => {
    const { role, ...profile } = profileKind.find(ctx, InstanceProfileName)
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
  access: ({ InstanceProfileName }, ctx) => [
    profileKind.on(ctx, 'DeleteInstanceProfile', InstanceProfileName),
  ],
  run: ({ InstanceProfileName }, ctx) => {
    const profile = profileKind.find(ctx, InstanceProfileName)
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
