/** A role that a whole account may assume. */

import { awsPrincipals, conditionsOf, nameOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

const NARROWING = new Set([
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltag',
  'aws:userid',
  'aws:sourcearn',
  'sts:externalid',
  'aws:sourceidentity',
])

export const wholeAccountTrust: LintRule = {
  id: 'whole-account-trust',
  summary: 'A trust policy lets every principal of an account assume the role.',
  find: ({ landscape }) =>
    [...landscape.roles.values()].flatMap(({ arn, trust }) =>
      (trust ? statementsOf(trust) : []).flatMap(([statement, index]): FindingDetails[] => {
        const whole = awsPrincipals(statement).filter((name) => name === '*' || /^\d{12}$|:root$/.test(name))
        const isNarrowed = conditionsOf(statement).some(([, key]) => NARROWING.has(key.replace(/\/.*$/, '')))
        if (!whole.length || isNarrowed || statement.Effect !== 'Allow') return []
        return [
          {
            severity: 'warning',
            message: `${nameOf(statement, index)} of the trust policy of ${arn} lets ${whole.join(', ')} in without a condition`,
            fix: 'narrow it with ArnEquals aws:PrincipalArn to the pipeline’s role',
            origin: trust!.origin,
          },
        ]
      }),
    ),
}
