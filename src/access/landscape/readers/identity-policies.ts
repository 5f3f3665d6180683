/** AWS::IAM::Policy, AWS::IAM::RolePolicy and AWS::IAM::ManagedPolicy: policies that stand apart from their roles. */
import { locatedPolicy, type ResourceReader, textOf, textsOf } from '../gathering.ts'
import { physicalArn } from '../physical-id.ts'

export const policy: ResourceReader = {
  type: 'AWS::IAM::Policy',
  read: ({ origin, within, properties }, into) => {
    const name = textOf(properties.PolicyName) ?? origin.logicalId!
    for (const role of textsOf(properties.Roles)) {
      const label = `identity policy ${name} of arn:aws:iam::${origin.account}:role/${role}`
      const found = locatedPolicy(properties.PolicyDocument, label, within('PolicyDocument'), into)
      if (found)
        into.attachments.push({ role, account: origin.account, policy: { ...found, kind: 'inline', name } })
    }
  },
}

export const rolePolicy: ResourceReader = {
  type: 'AWS::IAM::RolePolicy',
  read: (resource, into) =>
    policy.read(
      { ...resource, properties: { ...resource.properties, Roles: resource.properties.RoleName } },
      into,
    ),
}

export const managedPolicy: ResourceReader = {
  type: 'AWS::IAM::ManagedPolicy',
  read: ({ scope, logicalId, origin, within, properties }, into) => {
    const arn = physicalArn(scope.named(logicalId))!
    const found = locatedPolicy(properties.PolicyDocument, arn, within('PolicyDocument'), into)
    if (!found) return
    const managed = { ...found, kind: 'managed' as const, name: arn }
    into.managedPolicies.set(arn, managed)
    for (const role of textsOf(properties.Roles))
      into.attachments.push({ role, account: origin.account, policy: managed })
  },
}
