/** What must be allowed before an operation runs: actions on the root, units, accounts and policies. */
import type { ConditionContext } from '../../../../iam/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceTagKeys } from '../../../kernel/tags.ts'
import type { ControlPolicyType } from '../state.ts'
import { policyArn, targetArn } from './arn.ts'
import { treeFor } from './organization.ts'

export const policyTypeKey = (type: string): ConditionContext => ({ 'organizations:PolicyType': type })

/** Asks for an action that names no resource. */
export const onAnything = (action: string, context: ConditionContext = {}): AccessRequest => ({
  action: `organizations:${action}`,
  resource: '*',
  context,
})

/** Asks for an action on the root, a unit or an account, by its id. */
export function onTarget(
  ctx: Context,
  action: string,
  id: string,
  context: ConditionContext = {},
): AccessRequest {
  const { organization } = ctx.cloud
  if (!organization) return onAnything(action, context)
  const tags = treeFor(ctx).target(id)?.record.tags
  return {
    action: `organizations:${action}`,
    resource: targetArn(organization, id),
    context: { ...resourceTagKeys(tags), ...context },
  }
}

/**
 * Asks for an action on a policy, by its id. One that does not exist is of the type that the conditions name, else a
 * service control policy.
 */
export function onPolicy(
  ctx: Context,
  action: string,
  id: string,
  context: ConditionContext = {},
): AccessRequest {
  const { organization } = ctx.cloud
  if (!organization) return onAnything(action, context)
  const type = (context['organizations:PolicyType'] ?? 'SERVICE_CONTROL_POLICY') as ControlPolicyType
  const policy = treeFor(ctx).policy(id) ?? { id, type, tags: {} }
  return {
    action: `organizations:${action}`,
    resource: policyArn(organization, policy),
    context: { ...policyTypeKey(policy.type), ...resourceTagKeys(policy.tags), ...context },
  }
}
