/** What must be allowed before an operation runs that names no resource, and the key that tells a policy's type. */
import type { ConditionContext } from '../../../../iam/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'

export const policyTypeKey = (type: string): ConditionContext => ({ 'organizations:PolicyType': type })

/** Asks for an action that names no resource. */
export const onAnything = (action: string, context: ConditionContext = {}): AccessRequest => ({
  action: `organizations:${action}`,
  resource: '*',
  context,
})
