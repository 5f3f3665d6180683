/** A role that may do everything. */

import { listOf, nameOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const adminPolicy: LintRule = {
  id: 'admin-policy',
  summary: 'A role may do every action on every resource.',
  find: ({ landscape }) =>
    [...landscape.roles.values()].flatMap(({ arn, policies, origin }) =>
      policies.flatMap((located) =>
        statementsOf(located)
          .filter(
            ([{ Effect, Action, Resource }]) =>
              Effect === 'Allow' && listOf(Action).includes('*') && listOf(Resource).includes('*'),
          )
          .map(
            ([statement, index]): FindingDetails => ({
              severity: 'warning',
              message:
                located.kind === 'aws'
                  ? `${arn} has ${located.name}: it may do everything`
                  : `${nameOf(statement, index)} of ${arn} allows every action on every resource`,
              fix: 'grant what the application’s templates need; `crossdock policy` prints it',
              origin,
            }),
          ),
      ),
    ),
}
