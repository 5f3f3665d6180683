/** AWS::KMS::Key. */

import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, tagDifference, userTags } from '../../../kernel/stack-tags.ts'
import { type Tags, tagMap } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { defaultKeyPolicy } from '../engine/key-policy.ts'

const policyText = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document)

const tagInput = (tags: Tags) => Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))

/** AWS: what the read handler of the type's registry schema calls; an update starts from it. Gives the tags. */
async function readBack(KeyId: string, rc: ResourceContext) {
  await rc.call('kms', 'DescribeKey', { KeyId })
  await rc.call('kms', 'GetKeyPolicy', { KeyId })
  await rc.call('kms', 'GetKeyRotationStatus', { KeyId })
  const { Tags = [] } = await rc.call('kms', 'ListResourceTags', { KeyId })
  return tagMap(Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })))
}

async function applyTags(KeyId: string, wanted: Tags, present: Tags, rc: ResourceContext): Promise<void> {
  const { gone, changed } = tagDifference(wanted, present)
  if (gone.length) await rc.call('kms', 'UntagResource', { KeyId, TagKeys: gone })
  if (hasTags(changed)) await rc.call('kms', 'TagResource', { KeyId, Tags: tagInput(changed) })
}

/** AWS: of what cannot be told at creation, rotation comes before a key is disabled. */
async function applyState(
  KeyId: string,
  after: Properties,
  before: Properties,
  rc: ResourceContext,
): Promise<void> {
  const rotates = (properties: Properties) => properties.EnableKeyRotation === true
  const enabled = (properties: Properties) => properties.Enabled !== false
  if (enabled(after) && !enabled(before)) await rc.call('kms', 'EnableKey', { KeyId })
  const { RotationPeriodInDays } = after
  const changed = rotates(after) !== rotates(before) || RotationPeriodInDays !== before.RotationPeriodInDays
  if (changed && rotates(after)) await rc.call('kms', 'EnableKeyRotation', { KeyId, RotationPeriodInDays })
  if (changed && rotates(before) && !rotates(after)) await rc.call('kms', 'DisableKeyRotation', { KeyId })
  if (!enabled(after) && enabled(before)) await rc.call('kms', 'DisableKey', { KeyId })
}

async function remove(
  KeyId: string,
  { PendingWindowInDays }: Properties,
  rc: ResourceContext,
): Promise<void> {
  try {
    await rc.call('kms', 'DescribeKey', { KeyId })
    await rc.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays })
  } catch (error) {
    const gone = ['NotFoundException', 'KMSInvalidStateException']
    if (!(error instanceof AwsError) || !gone.includes(error.code)) throw error
  }
}

export const key = resourceType({
  type: 'AWS::KMS::Key',
  create: async (properties, rc) => {
    const tags = tagInput(userTags(properties, rc))
    const { KeyMetadata } = await rc.call('kms', 'CreateKey', {
      Policy: properties.KeyPolicy === undefined ? undefined : policyText(properties.KeyPolicy),
      Description: properties.Description,
      KeySpec: properties.KeySpec,
      KeyUsage: properties.KeyUsage,
      Origin: properties.Origin,
      MultiRegion: properties.MultiRegion,
      BypassPolicyLockoutSafetyCheck: properties.BypassPolicyLockoutSafetyCheck,
      ...(tags.length ? { Tags: tags } : {}),
    })
    const { KeyId, Arn } = KeyMetadata!
    try {
      await applyState(KeyId!, properties, {}, rc)
    } catch (error) {
      await remove(KeyId!, properties, rc).catch(() => undefined)
      throw error
    }
    return { physicalId: KeyId!, attributes: { KeyId, Arn } }
  },
  update: async (KeyId, properties, previous, rc) => {
    const present = await readBack(KeyId, rc)
    const text = policyText(properties.KeyPolicy ?? defaultKeyPolicy(rc.account))
    const { BypassPolicyLockoutSafetyCheck } = properties
    if (text !== policyText(previous.KeyPolicy ?? defaultKeyPolicy(rc.account)))
      await rc.call('kms', 'PutKeyPolicy', { KeyId, Policy: text, BypassPolicyLockoutSafetyCheck })
    if (properties.Description !== previous.Description)
      await rc.call('kms', 'UpdateKeyDescription', { KeyId, Description: properties.Description ?? '' })
    await applyState(KeyId, properties, previous, rc)
    await applyTags(KeyId, userTags(properties, rc), present, rc)
    return { physicalId: KeyId }
  },
  read: async (KeyId, rc) => {
    const found = await unlessAbsent(rc.call('kms', 'DescribeKey', { KeyId }), 'NotFoundException')
    return found && { physicalId: KeyId, attributes: { KeyId, Arn: found.KeyMetadata?.Arn } }
  },
  current: async (KeyId, _declared, rc) => {
    const found = await unlessAbsent(rc.call('kms', 'DescribeKey', { KeyId }), 'NotFoundException')
    if (!found || found.KeyMetadata?.KeyState === 'PendingDeletion') return undefined
    const { Policy = '{}' } = await rc.call('kms', 'GetKeyPolicy', { KeyId })
    const { KeyRotationEnabled } = await rc.call('kms', 'GetKeyRotationStatus', { KeyId })
    const { Description, Enabled } = found.KeyMetadata ?? {}
    return { KeyPolicy: JSON.parse(Policy), EnableKeyRotation: KeyRotationEnabled, Description, Enabled }
  },
  delete: remove,
})
