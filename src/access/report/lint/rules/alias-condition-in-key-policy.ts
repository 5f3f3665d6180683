/** kms:ResourceAliases in a key policy. */

import { policyName } from '../../../../iam/index.ts'
import { conditionsOf, nameOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/** AWS: the key exists in identity policies only; in a key policy it has no value. */
export const aliasConditionInKeyPolicy: LintRule = {
  id: 'alias-condition-in-key-policy',
  summary: 'A key policy tests kms:ResourceAliases, which has no value there.',
  find: ({ landscape }) =>
    [...landscape.keys.values()].flatMap(({ policy }) =>
      (policy ? statementsOf(policy) : [])
        .filter(([statement]) => conditionsOf(statement).some(([, key]) => key === 'kms:resourcealiases'))
        .map(
          ([statement, index]): FindingDetails => ({
            severity: 'error',
            message: `${nameOf(statement, index)} of the ${policyName(policy!.policy.ref)} tests kms:ResourceAliases, which key policies do not know`,
            fix: 'test the alias in the identity policy of the role instead',
            origin: policy!.origin,
          }),
        ),
    ),
}
