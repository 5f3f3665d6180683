/** A policy that AWS would not take. */
import { type PolicyKind, validate } from '../../../iam/index.ts'
import type { Landscape, LocatedPolicy } from '../../landscape/landscape.ts'
import { controlPolicies } from '../../landscape/organization.ts'
import { isUnknown } from '../../landscape/unknown-value.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const invalidPolicy: LintRule = {
  id: 'invalid-policy',
  summary: 'A policy document breaks the rules of its kind.',
  find: ({ landscape, complete }) =>
    allPolicies(landscape).flatMap(([kind, { policy, origin }]) =>
      validate(policy.document, kind)
        // What stands for a value that nobody gave is no principal and no ARN; that is told elsewhere.
        .filter((problem) => complete || !isUnknown(problem))
        .map(
          (problem): FindingDetails => ({
            severity: 'error',
            message: `the ${policy.label} is refused: ${problem}`,
            fix: 'mend the statement',
            origin,
          }),
        ),
    ),
}

function allPolicies({
  roles,
  buckets,
  keys,
  resourcePolicies,
  organization,
}: Landscape): [PolicyKind, LocatedPolicy][] {
  const as = (kind: PolicyKind, policies: readonly (LocatedPolicy | undefined)[]) =>
    policies.flatMap((policy): [PolicyKind, LocatedPolicy][] => (policy ? [[kind, policy]] : []))
  const ofRoles = [...roles.values()]
  return [
    ...as(
      'identity',
      ofRoles.flatMap(({ policies }) => policies.filter(({ kind }) => kind !== 'aws')),
    ),
    ...as(
      'trust',
      ofRoles.map(({ trust }) => trust),
    ),
    ...as(
      'resource',
      [...buckets.values()].map(({ policy }) => policy),
    ),
    ...as(
      'key',
      [...keys.values()].map(({ policy }) => policy),
    ),
    ...[...resourcePolicies].flatMap(([arn, policy]) =>
      as(arn.includes(':ecr:') ? 'repository' : 'resource', [policy]),
    ),
    ...as('scp', organization ? controlPolicies(organization, 'serviceControl') : []),
    ...as('rcp', organization ? controlPolicies(organization, 'resourceControl') : []),
  ]
}
