/** A policy that AWS would not take. */
import { type PolicyKind, validateCompiled } from '../../../iam/index.ts'
import type { Landscape, LocatedPolicy } from '../../landscape/landscape.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const invalidPolicy: LintRule = {
  id: 'invalid-policy',
  summary: 'A policy document breaks the rules of its kind.',
  find: ({ landscape }) =>
    allPolicies(landscape).flatMap(([kind, { policy, origin }]) =>
      validateCompiled(policy, kind).map(
        (problem): FindingDetails => ({
          severity: 'error',
          message: `the ${policy.label} is refused: ${problem}`,
          fix: 'mend the statement',
          origin,
        }),
      ),
    ),
}

function allPolicies({ roles, buckets, keys, resourcePolicies }: Landscape): [PolicyKind, LocatedPolicy][] {
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
    ...as(
      'resource',
      [...resourcePolicies].map(([arn, policy]) => (arn.includes(':ecr:') ? withResource(policy) : policy)),
    ),
  ]
}

/** AWS: the policy of an image repository names no resource; the repository is meant. */
function withResource(located: LocatedPolicy): LocatedPolicy {
  const { document } = located.policy
  const Statement = [document.Statement].flat().map((one) => ({ Resource: '*', ...one }))
  return { ...located, policy: { ...located.policy, document: { ...document, Statement } } }
}
