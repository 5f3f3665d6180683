/** AWS::IAM::Policy, AWS::IAM::RolePolicy and AWS::IAM::ManagedPolicy: policies that stand apart from their roles. */
import { type Arn, inlinePolicy, managedPolicyRef, plainText } from '../../../model/index.ts'
import { locatedPolicy, type ResourceReader, textOf } from '../gathering.ts'
import type { IdentityPolicy } from '../landscape.ts'
import { membersOf } from '../reading/members.ts'

export const policy: ResourceReader = {
  type: 'AWS::IAM::Policy',
  read: ({ origin, within, properties, values, when }, into) => {
    const name = textOf(properties.PolicyName) ?? origin.logicalId!
    for (const attached of membersOf(values.Roles)) {
      const role = plainText(into.standIns.plain(attached.value))
      const conditions = [...(when ? [when] : []), ...attached.when]
      const on = (arn: Arn): IdentityPolicy | undefined => {
        const ref = inlinePolicy(arn, name)
        const found = locatedPolicy(values.PolicyDocument, ref, within('PolicyDocument'), into, conditions)
        return found && { ...found, kind: 'inline', name }
      }
      into.attachments.push({ role, account: origin.account, name, on })
    }
  },
}

export const rolePolicy: ResourceReader = {
  type: 'AWS::IAM::RolePolicy',
  read: (resource, into) =>
    policy.read({ ...resource, values: { ...resource.values, Roles: resource.values.RoleName } }, into),
}

export const managedPolicy: ResourceReader = {
  type: 'AWS::IAM::ManagedPolicy',
  sameBy: 'name',
  read: ({ scope, logicalId, origin, within, values, when }, into) => {
    const arn = scope.arnOf(logicalId)
    const ref = managedPolicyRef(arn)
    const found = locatedPolicy(values.PolicyDocument, ref, within('PolicyDocument'), into, when && [when])
    if (!found) return
    const managed = { ...found, kind: 'managed' as const, name: arn }
    into.managedPolicies.set(arn, managed)
    for (const { value, when } of membersOf(values.Roles)) {
      const role = plainText(into.standIns.plain(value))
      const policy = { ...managed, policy: into.open.conditionally(managed.policy, when) }
      into.attachments.push({ role, account: origin.account, name: arn, on: () => policy })
    }
  },
}
