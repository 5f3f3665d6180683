/** AWS::IAM::Role and AWS::IAM::User. */

import { inlinePolicy, plainText, trustPolicyOf } from '../../../model/index.ts'
import type { Value } from '../../../template/index.ts'
import {
  type Attached,
  type Gathering,
  locatedPolicy,
  type ResourceInScope,
  type ResourceReader,
  tagsIn,
  textOf,
} from '../gathering.ts'
import type { IdentityPolicy, KnownUser } from '../landscape.ts'
import { branchesOf, membersOf } from '../reading/members.ts'

export const role: ResourceReader = {
  type: 'AWS::IAM::Role',
  sameBy: 'name',
  read: (resource, into) => {
    const { within, values } = resource
    const role = identityIn(resource, into)
    const { AssumeRolePolicyDocument: document } = values
    const trust = locatedPolicy(document, trustPolicyOf(role.arn), within('AssumeRolePolicyDocument'), into)
    into.roles.set(role.arn, { ...role, trust })
  },
}

export const user: ResourceReader = {
  type: 'AWS::IAM::User',
  sameBy: 'name',
  read: (resource, into) => {
    const found = identityIn(resource, into)
    into.users.set(found.arn, found)
  },
}

/** What roles and users have in common. */
function identityIn(resource: ResourceInScope, into: Gathering): KnownUser & Attached {
  const { scope, logicalId, origin, within, values, when } = resource
  const arn = scope.arnOf(logicalId)
  const inline = membersOf(values.Policies).flatMap((one, index): IdentityPolicy[] => {
    const { PolicyName, PolicyDocument } = Object(one.value) as ResourceInScope['values']
    const name = textOf(into.standIns.plain(PolicyName)) ?? 'inline'
    const place = within('Policies', index, 'PolicyDocument')
    const policy = locatedPolicy(PolicyDocument, inlinePolicy(arn, name), place, into, one.when)
    return policy ? [{ ...policy, kind: 'inline', name }] : []
  })
  const textIn = (value: Value) => plainText(into.standIns.plain(value))
  return {
    arn,
    name: scope.nameOf(logicalId),
    account: origin.account,
    origin,
    policies: inline,
    unreadable: [],
    tags: tagsIn(resource),
    when,
    managed: membersOf(values.ManagedPolicyArns).map((one) => ({ arn: textIn(one.value), when: one.when })),
    boundaries: branchesOf(values.PermissionsBoundary).map(({ value, when }) => ({
      arn: value === undefined ? undefined : textIn(value),
      when,
    })),
  }
}
