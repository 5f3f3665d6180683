/** sts:GetCallerIdentity and sts:GetSessionToken: no permission is needed. */
import type { ServiceRule } from './service-rule.ts'

/** AWS: these two answer everyone with valid credentials, even where a policy denies them. */
export const stsOpenOperations: ServiceRule = {
  name: 'Operations without permission',
  service: 'sts',
  actions: new Set(['getcalleridentity', 'getsessiontoken']),
  settle: ({ caller }) =>
    caller.kind === 'anonymous'
      ? undefined
      : { effect: 'allowed', decidedBy: [], rule: 'open operation', message: '' },
}
