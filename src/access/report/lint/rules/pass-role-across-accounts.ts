/** iam:PassRole granted on a role of another account. */
import { parseArn } from '../../../../model/index.ts'
import { listOf, nameOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/** AWS: a role can be passed inside its own account only, whatever policies say. */
export const passRoleAcrossAccounts: LintRule = {
  id: 'pass-role-across-accounts',
  summary: 'iam:PassRole is granted on a role of another account, which has no effect.',
  find: ({ landscape }) =>
    [...landscape.roles.values()].flatMap(({ arn, account, policies }) =>
      policies.flatMap((located) =>
        statementsOf(located).flatMap(([statement, index]): FindingDetails[] => {
          const passes = listOf(statement.Action).some((action) => /^iam:pass/i.test(action))
          if (!passes || statement.Effect !== 'Allow') return []
          const foreign = listOf(statement.Resource).filter((resource) => isForeign(resource, account))
          if (!foreign.length) return []
          return [
            {
              severity: 'warning',
              message: `${nameOf(statement, index)} of ${arn} lets it pass ${foreign.join(', ')}: roles of other accounts cannot be passed`,
              fix: 'take it out; the action role of that account needs iam:PassRole instead',
              origin: located.origin,
            },
          ]
        }),
      ),
    ),
}

function isForeign(resource: string, account: string): boolean {
  const owner = parseArn(resource)?.account ?? ''
  return /^\d{12}$/.test(owner) && owner !== account
}
