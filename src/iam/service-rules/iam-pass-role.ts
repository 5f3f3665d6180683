/** iam:PassRole: never across accounts. */
import { parseArn } from '../../model/index.ts'
import type { ServiceRule } from './service-rule.ts'

/**
 * AWS: PassRole is asked of the caller's identity policies like any other action, but a role of another account
 * cannot be passed whatever policies say.
 */
export const iamPassRole: ServiceRule = {
  name: 'PassRole stays in the account',
  service: 'iam',
  actions: new Set(['passrole']),
  settle: ({ caller, resource }) => {
    const account = parseArn(resource)?.account
    if (!account || account === caller.account || !/^\d{12}$/.test(account)) return undefined
    return {
      effect: 'implicitDeny',
      decidedBy: [],
      rule: 'foreign pass role',
      message: 'Cross-account pass role is not allowed.',
    }
  },
}
