/** A policy that AWS would not take. */
import { bucketStatementProblem, type PolicyKind, validateCompiled } from '../../../iam/index.ts'
import { formatArn } from '../../../model/index.ts'
import type { Landscape } from '../../landscape/landscape.ts'
import type { LocatedPolicy } from '../../landscape/located-policy.ts'
import { controlPolicies } from '../../landscape/organization.ts'
import { type FindingDetails, type LintRule, nameOf, statementsOf } from '../rule.ts'

export const invalidPolicy: LintRule = {
  id: 'invalid-policy',
  summary: 'A policy document breaks the rules of its kind.',
  find: ({ landscape, complete }) => [
    ...allPolicies(landscape).flatMap(([kind, located]) =>
      validateCompiled(located.policy, kind)
        // What stands for a value that nobody gave is no principal and no ARN; that is told elsewhere.
        .filter((problem) => complete || !landscape.standIns.in(problem).length)
        .map((problem) => refused(located, problem)),
    ),
    ...[...landscape.buckets.values()].flatMap(({ name, policy }) =>
      policy ? bucketPolicyProblems(policy, formatArn('s3', '', '', name), landscape) : [],
    ),
  ],
}

const refused = ({ policy, origin }: LocatedPolicy, problem: string): FindingDetails => ({
  severity: 'error',
  message: `the ${policy.label} is refused: ${problem}`,
  fix: 'mend the statement',
  origin,
})

/** Values that only the deployment knows may turn out right. */
const bucketPolicyProblems = (
  located: LocatedPolicy,
  arn: string,
  { standIns }: Landscape,
): FindingDetails[] =>
  statementsOf(located)
    .filter(
      ([statement]) =>
        ![arn, statement.Resource ?? []].flat().some((text) => standIns.in(String(text)).length),
    )
    .flatMap(([statement, index]) => {
      const problem = bucketStatementProblem(statement, arn)
      return problem === undefined ? [] : refused(located, `${problem} (${nameOf(statement, index)})`)
    })

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
