/** AWS::IAM::ManagedPolicy. */

import type { Arn } from '../../../../model/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { holdersOf } from './policy.ts'
import { documentText, unlessGone } from './property.ts'

const VERSIONS = 5

async function attach(arn: Arn, after: Properties, before: Properties, rc: ResourceContext): Promise<void> {
  const [now, then] = [holdersOf(after, rc), holdersOf(before, rc)]
  for (const [holder, calls] of now) if (!then.has(holder)) await calls.attach(arn)
  for (const [holder, calls] of then) if (!now.has(holder)) await unlessGone(calls.detach(arn))
}

async function versionsOf(PolicyArn: Arn, rc: ResourceContext) {
  const { Versions = [] } = await rc.call('iam', 'ListPolicyVersions', { PolicyArn })
  return Versions
}

/** AWS: the attributes are read back, with the version in force and who has the policy. */
async function outcome(PolicyArn: Arn, rc: ReadContext) {
  const { Policy: policy } = await rc.call('iam', 'GetPolicy', { PolicyArn })
  await rc.call('iam', 'GetPolicyVersion', { PolicyArn, VersionId: policy!.DefaultVersionId! })
  await rc.call('iam', 'ListEntitiesForPolicy', { PolicyArn })
  return {
    physicalId: PolicyArn,
    attributes: {
      PolicyArn,
      PolicyId: policy!.PolicyId,
      DefaultVersionId: policy!.DefaultVersionId,
      AttachmentCount: policy!.AttachmentCount,
      PermissionsBoundaryUsageCount: policy!.PermissionsBoundaryUsageCount,
      IsAttachable: policy!.IsAttachable,
      CreateDate: policy!.CreateDate!.toISOString(),
      UpdateDate: policy!.UpdateDate!.toISOString(),
    },
  }
}

async function remove(PolicyArn: Arn, properties: Properties, rc: ResourceContext): Promise<void> {
  await unlessGone(
    rc
      .call('iam', 'GetPolicy', { PolicyArn })
      .then(() => rc.call('iam', 'ListEntitiesForPolicy', { PolicyArn })),
  )
  await attach(PolicyArn, {}, properties, rc)
  await unlessGone(
    (async () => {
      for (const { VersionId, IsDefaultVersion } of await versionsOf(PolicyArn, rc))
        if (!IsDefaultVersion)
          await rc.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: VersionId! })
      await rc.call('iam', 'DeletePolicy', { PolicyArn })
    })(),
  )
}

/** AWS: the oldest version that is not in force makes room for the new one. */
async function newVersion(PolicyArn: Arn, document: string, rc: ResourceContext): Promise<void> {
  const versions = await versionsOf(PolicyArn, rc)
  const oldest = versions.filter((version) => !version.IsDefaultVersion).at(-1)
  if (versions.length >= VERSIONS && oldest)
    await rc.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId! })
  await rc.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument: document, SetAsDefault: true })
}

export const managedPolicy = resourceType({
  type: 'AWS::IAM::ManagedPolicy',
  create: async (properties, rc) => {
    const { Policy } = await rc.call('iam', 'CreatePolicy', {
      PolicyName: properties.ManagedPolicyName ?? rc.generateName(),
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: documentText(properties.PolicyDocument),
    })
    const arn = Policy!.Arn!
    rc.made(arn)
    await attach(arn, properties, {}, rc)
    return outcome(arn, rc)
  },
  update: async (arn, properties, previous, rc) => {
    const document = documentText(properties.PolicyDocument)
    if (document !== documentText(previous.PolicyDocument)) await newVersion(arn, document, rc)
    await attach(arn, properties, previous, rc)
    return outcome(arn, rc)
  },
  read: (arn, rc) => unlessAbsent(outcome(arn, rc), 'NoSuchEntity'),
  delete: remove,
})
