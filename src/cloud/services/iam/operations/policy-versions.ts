/** Versions of managed policies, and their tags. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { page } from '../engine/page.ts'
import { changePolicy, ownPolicy, policyKind, visiblePolicy } from '../engine/policy-access.ts'
import { listedVersion, wholeVersion } from '../engine/policy-output.ts'
import { addTags, removeTags, tagList } from '../engine/tags.ts'
import type { ManagedPolicyRecord, PolicyVersionRecord } from '../state.ts'
import { checkManagedPolicy } from './policies.ts'

const VERSIONS = 5

function findVersion(policy: ManagedPolicyRecord, id: string): PolicyVersionRecord {
  const version = policy.versions.find((one) => one.id === id)
  if (version) return version
  throw new AwsError(
    'NoSuchEntity',
    `Policy ${policy.arn} version ${id} does not exist or is not attachable.`,
    { status: 404 },
  )
}

/** AWS: five versions at most. Errors: NoSuchEntity, LimitExceeded, MalformedPolicyDocument. */
export const CreatePolicyVersion = operation({
  service: 'iam',
  name: 'CreatePolicyVersion',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'CreatePolicyVersion', PolicyArn)],
  run: ({ PolicyArn, PolicyDocument: document, SetAsDefault = false }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    if (policy.versions.length >= VERSIONS)
      throw new AwsError(
        'LimitExceeded',
        `A managed policy can have up to ${VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        { status: 409 },
      )
    checkManagedPolicy(document)
    const number = policy.lastVersion + 1
    const version = { id: `v${number}`, document, created: ctx.cloud.clock.now() }
    const changed = changePolicy(ctx, policy, {
      lastVersion: number,
      versions: [version, ...policy.versions],
      defaultVersion: SetAsDefault ? version.id : policy.defaultVersion,
    })
    return { PolicyVersion: listedVersion(changed, version) }
  },
})

/** Errors: NoSuchEntity. */
export const GetPolicyVersion = operation({
  service: 'iam',
  name: 'GetPolicyVersion',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'GetPolicyVersion', PolicyArn)],
  run: ({ PolicyArn, VersionId }, ctx) => {
    const policy = visiblePolicy(ctx, PolicyArn)
    return { PolicyVersion: wholeVersion(policy, findVersion(policy, VersionId)) }
  },
})

/** Errors: NoSuchEntity. */
export const ListPolicyVersions = operation({
  service: 'iam',
  name: 'ListPolicyVersions',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'ListPolicyVersions', PolicyArn)],
  run: (input, ctx) => {
    const policy = visiblePolicy(ctx, input.PolicyArn)
    const { items, rest } = page(input, policy.versions)
    return { Versions: items.map((version) => listedVersion(policy, version)), ...rest }
  },
})

/** Errors: NoSuchEntity. */
export const SetDefaultPolicyVersion = operation({
  service: 'iam',
  name: 'SetDefaultPolicyVersion',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'SetDefaultPolicyVersion', PolicyArn)],
  run: ({ PolicyArn, VersionId }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    changePolicy(ctx, policy, { defaultVersion: findVersion(policy, VersionId).id })
    return {}
  },
})

/** AWS: the default version stays. Errors: NoSuchEntity, DeleteConflict. */
export const DeletePolicyVersion = operation({
  service: 'iam',
  name: 'DeletePolicyVersion',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'DeletePolicyVersion', PolicyArn)],
  run: ({ PolicyArn, VersionId }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    const { id } = findVersion(policy, VersionId)
    if (id === policy.defaultVersion)
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', { status: 409 })
    changePolicy(ctx, policy, { versions: policy.versions.filter((version) => version.id !== id) })
    return {}
  },
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export const TagPolicy = operation({
  service: 'iam',
  name: 'TagPolicy',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'TagPolicy', PolicyArn)],
  run: ({ PolicyArn, Tags }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    changePolicy(ctx, policy, { tags: addTags(policy.tags, Tags) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const UntagPolicy = operation({
  service: 'iam',
  name: 'UntagPolicy',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'UntagPolicy', PolicyArn)],
  run: ({ PolicyArn, TagKeys }, ctx) => {
    const policy = ownPolicy(ctx, PolicyArn)
    changePolicy(ctx, policy, { tags: removeTags(policy.tags, TagKeys) })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListPolicyTags = operation({
  service: 'iam',
  name: 'ListPolicyTags',
  access: ({ PolicyArn }, ctx) => [policyKind.on(ctx, 'ListPolicyTags', PolicyArn)],
  run: (input, ctx) => {
    const { items, rest } = page(input, tagList(visiblePolicy(ctx, input.PolicyArn).tags))
    return { Tags: items, ...rest }
  },
})

/** Every operation of this file. */
export const policyVersionOperations = [
  CreatePolicyVersion,
  GetPolicyVersion,
  ListPolicyVersions,
  SetDefaultPolicyVersion,
  DeletePolicyVersion,
  TagPolicy,
  UntagPolicy,
  ListPolicyTags,
]
