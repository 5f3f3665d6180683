/** Policies that name roles which are not there, or not yet. */
import { policyName } from '../../../../iam/index.ts'
import { parseArn } from '../../../../model/index.ts'
import type { KnownRole, Landscape } from '../../../landscape/landscape.ts'
import type { LocatedPolicy } from '../../../landscape/located-policy.ts'
import { awsPrincipals, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule, LintSubject } from '../rule.ts'

interface NamedRole {
  readonly arn: string
  /** Undefined where no template makes it. */
  readonly role: KnownRole | undefined
}

/** AWS: S3, KMS and IAM refuse a policy that names a role which does not exist when the policy is written. */
export const principalDoesNotExist: LintRule = {
  id: 'principal-does-not-exist',
  summary: 'A resource or trust policy names a role that does not exist.',
  find: (subject) =>
    ofEachPolicy(
      subject,
      ({ arn, role }) => !role && isCovered(arn, subject),
      (missing, { policy, origin }) => ({
        severity: 'error',
        message: `the ${policyName(policy.ref)} names ${listed(missing)}, which no template makes; AWS refuses the policy`,
        fix: advice(missing),
        origin,
      }),
    ),
}

/** AWS: the role must be there before the policy, and the policy names it by its unique id from then on. */
export const principalMustExistFirst: LintRule = {
  id: 'principal-must-exist-first',
  summary: 'A resource or trust policy names a role of another stack, which must be deployed first.',
  find: (subject) =>
    ofEachPolicy(
      subject,
      ({ role }) => role !== undefined,
      (named, { policy, origin }) => ({
        severity: 'warning',
        message: `the ${policyName(policy.ref)} names ${listed(named)} of ${stacksOf(named)}, which must be deployed first; a role that is made anew is no longer meant`,
        fix: advice(named),
        origin,
      }),
    ),
}

function ofEachPolicy(
  { landscape }: LintSubject,
  wanted: (named: NamedRole) => boolean,
  tell: (named: readonly NamedRole[], located: LocatedPolicy) => FindingDetails,
): FindingDetails[] {
  return resourceSidePolicies(landscape).flatMap((located) => {
    const named = foreignRoles(located, landscape).filter(wanted)
    return named.length ? [tell(named, located)] : []
  })
}

/** The roles that a policy names and its own stack does not make. */
function foreignRoles(located: LocatedPolicy, { roles }: Landscape): NamedRole[] {
  const { stack, account } = located.origin
  const names = statementsOf(located)
    .flatMap(([statement]) => awsPrincipals(statement))
    .filter((name) => /:role\//.test(name))
  return [...new Set(names)]
    .map((arn) => ({ arn, role: roles.get(arn) }))
    .filter(({ role }) => !role || role.origin.stack !== stack || role.account !== account)
}

/** Whether the templates would show a role if there were one. */
const isCovered = (arn: string, { landscape, complete }: LintSubject): boolean =>
  complete || landscape.templates.some(({ target }) => target.account === parseArn(arn)?.account)

/** Roles that a message names; the policy itself holds the others. */
const NAMED = 2

function listed(named: readonly NamedRole[]): string {
  const first = named.slice(0, named.length > NAMED + 1 ? NAMED : NAMED + 1).map(({ arn }) => arn)
  const further = named.length - first.length
  return first.join(', ') + (further ? ` and ${further} more roles` : '')
}

function stacksOf(named: readonly NamedRole[]): string {
  const accounts = new Map<string, Set<string>>()
  for (const { role } of named)
    if (role)
      accounts.set(role.origin.stack, (accounts.get(role.origin.stack) ?? new Set()).add(role.account))
  return [...accounts].map(([stack, ids]) => `the stack ${stack} (${[...ids].join(', ')})`).join(' and ')
}

function advice(named: readonly NamedRole[]): string {
  const roots = new Set(named.map(({ arn }) => `arn:aws:iam::${parseArn(arn)?.account}:root`))
  return `name ${[...roots].join(', ')} instead, which are always there, and narrow it with ArnEquals aws:PrincipalArn to the roles`
}

/** Every policy with a Principal element in the landscape. */
export const resourceSidePolicies = (landscape: Landscape): LocatedPolicy[] =>
  [
    ...[...landscape.roles.values()].map(({ trust }) => trust),
    ...[...landscape.buckets.values()].map(({ policy }) => policy),
    ...[...landscape.keys.values()].map(({ policy }) => policy),
    ...landscape.resourcePolicies.values(),
  ].filter((policy) => policy !== undefined)
