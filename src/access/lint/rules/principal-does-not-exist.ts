/** A policy that names a role which is not there. */
import { parseArn } from '../../../model/index.ts'
import type { Landscape, LocatedPolicy } from '../../landscape/landscape.ts'
import type { FindingDetails, LintRule } from '../rule.ts'
import { awsPrincipals, nameOf, statementsOf } from '../rule.ts'

/** AWS: S3, KMS and IAM refuse a policy that names a role which does not exist when the policy is written. */
export const principalDoesNotExist: LintRule = {
  id: 'principal-does-not-exist',
  summary: 'A resource or trust policy names a role that does not exist, or not yet.',
  find: ({ landscape, complete }) => {
    const covered = new Set(landscape.templates.map(({ target }) => target.account))
    return resourceSidePolicies(landscape).flatMap((located) =>
      statementsOf(located).flatMap(([statement, index]) =>
        awsPrincipals(statement)
          .filter((name) => /:role\//.test(name))
          .flatMap((name): FindingDetails[] => {
            const place = `${nameOf(statement, index)} of the ${located.policy.label}`
            return about(name, place, located, landscape, complete, covered)
          }),
      ),
    )
  },
}

function about(
  role: string,
  place: string,
  { origin }: LocatedPolicy,
  { roles }: Landscape,
  complete: boolean,
  covered: ReadonlySet<string>,
): FindingDetails[] {
  const account = parseArn(role)?.account ?? ''
  const found = roles.get(role)
  if (found && found.origin.stack === origin.stack && found.account === origin.account) return []
  const advice = `name the account's root, arn:aws:iam::${account}:root, and narrow it with ArnEquals aws:PrincipalArn "${role}": the role then need not exist yet`
  if (!found && (complete || covered.has(account)))
    return [
      {
        severity: 'error',
        message: `${place} names ${role}, which is in no template; AWS refuses the policy`,
        fix: advice,
        origin,
      },
    ]
  if (!found) return []
  const where = `the stack ${found.origin.stack} of account ${found.account}`
  return [
    {
      severity: 'warning',
      message: `${place} names ${role}, which ${where} makes: that stack must be deployed first, and the statement stops to match when the role is made anew`,
      fix: advice,
      origin,
    },
  ]
}

/** Every policy with a Principal element in the landscape. */
export const resourceSidePolicies = (landscape: Landscape): LocatedPolicy[] =>
  [
    ...[...landscape.roles.values()].map(({ trust }) => trust),
    ...[...landscape.buckets.values()].map(({ policy }) => policy),
    ...[...landscape.keys.values()].map(({ policy }) => policy),
    ...landscape.resourcePolicies.values(),
  ].filter((policy) => policy !== undefined)
