/** AWS::IAM::Role. */

import { inlinePolicy, plainText, trustPolicyOf } from '../../../model/index.ts'
import type { Value } from '../../../template/index.ts'
import { locatedPolicy, type ResourceInScope, type ResourceReader, tagsIn, textOf } from '../gathering.ts'
import type { IdentityPolicy } from '../landscape.ts'
import { branchesOf, membersOf } from '../reading/members.ts'

export const role: ResourceReader = {
  type: 'AWS::IAM::Role',
  sameBy: 'name',
  read: (resource, into) => {
    const { scope, logicalId, origin, within, values, when } = resource
    const arn = scope.arnOf(logicalId)
    const inline = membersOf(values.Policies).flatMap((one, index): IdentityPolicy[] => {
      const { PolicyName, PolicyDocument } = Object(one.value) as ResourceInScope['values']
      const name = textOf(into.standIns.plain(PolicyName)) ?? 'inline'
      const policy = locatedPolicy(
        PolicyDocument,
        inlinePolicy(arn, name),
        within('Policies', index, 'PolicyDocument'),
        into,
        one.when,
      )
      return policy ? [{ ...policy, kind: 'inline', name }] : []
    })
    const textIn = (value: Value) => plainText(into.standIns.plain(value))
    into.roles.set(arn, {
      arn,
      name: scope.nameOf(logicalId),
      account: origin.account,
      origin,
      trust: locatedPolicy(
        values.AssumeRolePolicyDocument,
        trustPolicyOf(arn),
        within('AssumeRolePolicyDocument'),
        into,
      ),
      policies: inline,
      unreadable: [],
      tags: tagsIn(resource),
      when,
      managed: membersOf(values.ManagedPolicyArns).map((one) => ({ arn: textIn(one.value), when: one.when })),
      boundaries: branchesOf(values.PermissionsBoundary).map(({ value, when }) => ({
        arn: value === undefined ? undefined : textIn(value),
        when,
      })),
    })
  },
}
