/** A policy that AWS would not take. */
import {
  bucketStatementProblem,
  type CompiledPolicy,
  type PolicyKind,
  policyName,
  validateCompiled,
} from '../../../../iam/index.ts'
import { formatArn, type PolicyStatement } from '../../../../model/index.ts'
import type { IdentityPolicy, KnownRole, Landscape } from '../../../landscape/landscape.ts'
import type { LocatedPolicy } from '../../../landscape/located-policy.ts'
import { controlPolicies } from '../../../landscape/organization.ts'
import { listOf, nameOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const invalidPolicy: LintRule = {
  id: 'invalid-policy',
  summary: 'A policy document breaks the rules of its kind.',
  find: ({ landscape, complete }) => [
    ...allPolicies(landscape).flatMap(([kind, located]) =>
      validateCompiled(withKnownActions(located.policy, landscape), kind)
        // What stands for a value that nobody gave is no principal and no ARN; that is told elsewhere.
        .filter((problem) => complete || !landscape.standIns.in(problem).length)
        .map((problem) => refused(located, problem)),
    ),
    ...[...landscape.buckets.values()].flatMap(({ name, policy }) =>
      policy ? bucketPolicyProblems(policy, formatArn('s3', '', '', name), landscape) : [],
    ),
  ],
}

/** The policy without actions that nobody knows, which may turn out right. */
function withKnownActions(policy: CompiledPolicy, { standIns }: Landscape): CompiledPolicy {
  const isOpen = (action: string) => standIns.in(action).length > 0
  const statements = listOf(policy.document.Statement)
  const hasOpen = statements.some(({ Action, NotAction }) => listOf(Action ?? NotAction).some(isOpen))
  if (!hasOpen) return policy
  const known = (actions: PolicyStatement['Action']) => {
    const rest = listOf(actions).filter((one) => !isOpen(one))
    return rest.length ? rest : '*'
  }
  const Statement = statements.map((one) => ({
    ...one,
    ...(one.Action !== undefined && { Action: known(one.Action) }),
    ...(one.NotAction !== undefined && { NotAction: known(one.NotAction) }),
  }))
  return { ref: policy.ref, document: { ...policy.document, Statement } }
}

const refused = ({ policy, origin }: LocatedPolicy, problem: string): FindingDetails => ({
  severity: 'error',
  message: `the ${policyName(policy.ref)} is refused: ${problem}`,
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

const policiesOf =
  (wanted: IdentityPolicy['kind']) =>
  ({ policies }: KnownRole) =>
    policies.filter(({ kind }) => kind === wanted)

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
    ...as('inline', ofRoles.flatMap(policiesOf('inline'))),
    ...as('identity', ofRoles.flatMap(policiesOf('managed'))),
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
