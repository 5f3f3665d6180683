/** Whoever deploys: an administrator of an account, whom its account allows everything and a resource's policy may not. */
import {
  type AuthorizationRequest,
  type Caller,
  compile,
  type Decision,
  evaluate,
  explain,
  policyName,
  type StatementReason,
} from '../../iam/index.ts'
import {
  isSamePolicy,
  type Need,
  type PolicyStatement,
  parseArn,
  rootArn,
  supposedPolicy,
} from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { awsPrincipals, conditionsOf } from '../landscape/policy-statements.ts'
import { explainFailure } from './explain-failure.ts'
import { openValue } from './open-value.ts'
import { withoutOrganization } from './organization-denial.ts'
import type { Edge } from './proof.ts'
import { type ResourceSide, requestOf, resourceSide } from './request-of.ts'

const everything = compile(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  supposedPolicy('the administrator’s own policies'),
)

/** AWS: the account principal stands for the account and its administrators. */
export const isAdministrator = (principal: string): boolean => /^arn:[\w-]+:iam::\d{12}:root$/.test(principal)

/** Nobody deploys as the root user, whom policies cannot lock out of a bucket: an administrator is a role. */
const administrator = (principalArn: string): Caller => ({
  kind: 'role',
  account: parseArn(principalArn)?.account ?? '',
  arn: principalArn,
  principalArn,
  identityPolicies: [everything],
})

/** Gives whether somebody who administers the account may do it: one of those that the policy names, or any. */
export function administratorOutcome(
  need: Need,
  landscape: Landscape,
  complete: boolean,
): Omit<Edge, 'need' | 'uses'> {
  const found = { caller: administrator(need.principal) }
  const side = resourceSide(need, found, landscape)
  // What the organization lets people do is not the resource's affair.
  const request = withoutOrganization(requestOf(need, found, side, landscape))
  const decision = evaluate(request)
  // Nothing is deployed of what is not there.
  const conditions = [side.when ?? [], landscape.open?.conditionsOf(side.policy) ?? []].flat()
  const given = new Set(conditions.map(({ identity }) => identity))
  let hangs: string | undefined
  for (const asked of [request, ...requestsOfAdministrators(request, side)]) {
    const answer = asked === request ? decision : evaluate(asked)
    const hanging = landscape.open?.hanging(asked, answer, given, landscape.standIns)
    if (answer.effect === 'allowed' && hanging === undefined)
      return { verdict: 'allowed', decidedBy: answer.decidedBy }
    hangs ??= hanging
  }
  const assumed =
    hangs ??
    unlessDeployer(request, decision) ??
    (complete ? undefined : openValue(need, request, decision, landscape))
  if (assumed) return { verdict: 'unknown', decidedBy: [], assumed }
  const failure = explainFailure(request, decision, { found, side, landscape })
  return { verdict: 'denied', decidedBy: decision.decidedBy, failure }
}

const documentOf = ({ resourcePolicy }: AuthorizationRequest | { resourcePolicy?: ResourceSide['policy'] }) =>
  [resourcePolicy?.document.Statement ?? []].flat() as PolicyStatement[]

/** The same, by those whom the policy names. */
const requestsOfAdministrators = (
  request: AuthorizationRequest,
  side: ResourceSide,
): AuthorizationRequest[] => namedAdministrators(request, side).map((caller) => ({ ...request, caller }))

/** The users and roles of the account that a key policy itself lets change it; others that it names only use the key. */
function namedAdministrators(request: AuthorizationRequest, { policy }: ResourceSide): Caller[] {
  const { account } = request.caller
  const names = documentOf({ resourcePolicy: policy }).flatMap(awsPrincipals)
  return [...new Set(names)]
    .filter((name) => name !== rootArn(account) && parseArn(name)?.account === account)
    .map(administrator)
    .filter((caller) => {
      const itself = { ...caller, identityPolicies: [] }
      return evaluate({ ...request, caller: itself, action: 'kms:PutKeyPolicy' }).effect === 'allowed'
    })
}

/** Condition keys that tell who calls, and from where: who deploys can choose them. */
const OF_THE_CALLER =
  /^aws:(principal|userid|username|source|vpc|multifactorauth|tokenissuetime|federatedprovider|ec2)/

/** Says what has to be true of whoever deploys, where that alone decides. */
function unlessDeployer(request: AuthorizationRequest, decision: Decision): string | undefined {
  const statements = documentOf(request)
  const ref = request.resourcePolicy?.ref
  const near = decision.effect === 'explicitDeny' ? decision.decidedBy : statementsForAdministrators(request)
  const key = near
    .filter(({ policy }) => ref !== undefined && isSamePolicy(policy, ref))
    .flatMap(({ index }) => conditionsOf(statements[index]!))
    .map(([, name]) => name)
    .find((name) => OF_THE_CALLER.test(name))
  return ref && key && `that whoever deploys meets the condition on ${key} in the ${policyName(ref)}`
}

/** Statements that a condition keeps from allowing it, and that would let somebody change the key's policy too. */
function statementsForAdministrators(request: AuthorizationRequest): StatementReason[] {
  const conditional = (action: string) =>
    explain({ ...request, action }).nearMisses.filter(
      ({ effect, failed }) => effect === 'Allow' && failed === 'condition',
    )
  const administering = new Set(conditional('kms:PutKeyPolicy').map(({ index }) => index))
  return conditional(request.action).filter(({ index }) => administering.has(index))
}
