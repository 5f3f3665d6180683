/** AWS::IAM::Role. */

import { locatedPolicy, type ResourceReader, tagsIn, textOf, textsOf } from '../gathering.ts'
import type { IdentityPolicy } from '../landscape.ts'
import { physicalArn, physicalName } from '../physical-id.ts'

export const role: ResourceReader = {
  type: 'AWS::IAM::Role',
  read: (resource, into) => {
    const { scope, logicalId, origin, within, properties } = resource
    const named = scope.named(logicalId)
    const arn = physicalArn(named)!
    const inline = (Array.isArray(properties.Policies) ? properties.Policies : []).flatMap(
      (one, index): IdentityPolicy[] => {
        const name = textOf(one?.PolicyName) ?? 'inline'
        const policy = locatedPolicy(
          one?.PolicyDocument,
          `identity policy ${name} of ${arn}`,
          within('Policies', index, 'PolicyDocument'),
          into,
        )
        return policy ? [{ ...policy, kind: 'inline', name }] : []
      },
    )
    into.roles.set(arn, {
      arn,
      name: physicalName(named),
      account: origin.account,
      origin,
      trust: locatedPolicy(
        properties.AssumeRolePolicyDocument,
        `trust policy of ${arn}`,
        within('AssumeRolePolicyDocument'),
        into,
      ),
      policies: inline,
      unreadable: [],
      tags: tagsIn(resource),
      managed: textsOf(properties.ManagedPolicyArns),
      boundaryArn: textOf(properties.PermissionsBoundary),
    })
  },
}
