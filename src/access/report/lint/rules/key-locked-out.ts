/** A key policy that nobody could change any more. */
import { compile, evaluate, policyName } from '../../../../iam/index.ts'
import { rootArn, supposedPolicy } from '../../../../model/index.ts'
import type { KnownKey } from '../../../landscape/landscape.ts'
import { awsPrincipals, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

const everything = compile(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  supposedPolicy('everything'),
)

/** AWS: whoever makes a key must stay able to change its policy, else KMS refuses it. */
export const keyLockedOut: LintRule = {
  id: 'key-locked-out',
  summary: 'A key policy lets nobody of the key’s account change it.',
  find: ({ landscape }) =>
    [...landscape.keys.values()]
      .filter((key) => key.policy && !someoneMay(key, 'kms:PutKeyPolicy'))
      .map(
        ({ policy, account }): FindingDetails => ({
          severity: 'error',
          message: `the ${policyName(policy!.policy.ref)} lets nobody of account ${account} change it; KMS refuses it`,
          fix: `allow ${rootArn(account)} kms:PutKeyPolicy`,
          origin: policy!.origin,
        }),
      ),
}

/** Whether anybody of the key's account may do something with it, given every identity policy there could be. */
function someoneMay({ arn, account, policy }: KnownKey, action: string): boolean {
  const named = statementsOf(policy!).flatMap(([statement]) => awsPrincipals(statement))
  const principals = new Set([rootArn(account), ...named.filter((name) => name.includes(`::${account}:`))])
  return [...principals].some((principal) => {
    const decision = evaluate({
      caller: {
        kind: principal.endsWith(':root') ? 'root' : 'role',
        account,
        arn: principal,
        principalArn: principal,
        identityPolicies: [everything],
      },
      action,
      resource: arn,
      resourceAccount: account,
      resourcePolicy: policy!.policy,
      context: {},
    })
    return decision.effect === 'allowed'
  })
}
