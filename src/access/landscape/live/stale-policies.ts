/** Policies that name a role or user which was deleted: AWS shows its unique id in the place of the ARN. */
import { policyName } from '../../../iam/index.ts'
import { awsPrincipals, nameOf, statementsOf } from '../policy-statements.ts'
import type { Reading } from './reading.ts'

/** AWS: unique ids of roles begin with AROA, those of users with AIDA. */
const UNIQUE_ID = /^A(ROA|IDA)[A-Z0-9]{8,}$/

/** AWS: a principal is kept by its id, so that one made anew under the same name is not let in. */
export function noteStalePolicies(reading: Reading): void {
  const { roles, buckets, keys, resourcePolicies } = reading
  const policies = [
    ...[...roles.values()].flatMap(({ trust }) => trust ?? []),
    ...[...buckets.values(), ...keys.values()].flatMap(({ policy }) => policy ?? []),
    ...resourcePolicies.values(),
  ]
  for (const located of policies)
    for (const [statement, index] of statementsOf(located))
      for (const id of awsPrincipals(statement).filter((name) => UNIQUE_ID.test(name)))
        reading.findings.push({
          rule: 'principal-was-deleted',
          severity: 'warning',
          message: `${nameOf(statement, index)} of the ${policyName(located.policy.ref)} names ${id}, a ${id.startsWith('AROA') ? 'role' : 'user'} that was deleted; one of the same name that was made since is not meant`,
          fix: 'write the policy again with the ARN, or name the account’s root and narrow it by aws:PrincipalArn',
          origin: located.origin,
        })
}
