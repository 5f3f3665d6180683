/** Managed policies of the caller's account: finding, changing, and asking for permission on them. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ManagedPolicyRecord, managedPolicies } from '../state.ts'
import { findManagedPolicy } from './managed-policy.ts'
import { resourceTagKeys, tableOf } from './principals.ts'

const notFound = (arn: Arn) => new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, { status: 404 })

/** Gives a policy the caller's account can see. Errors: NoSuchEntity, InvalidInput. */
export function visiblePolicy(ctx: Context, arn: Arn): ManagedPolicyRecord {
  const account = arn.split(':')[4]
  if (!/^arn:[\w-]+:iam::(aws|\d{12}):policy\//.test(arn))
    throw new AwsError('InvalidInput', `ARN ${arn} is not valid.`)
  const policy =
    account === 'aws' || account === ctx.account ? findManagedPolicy(ctx.cloud.store, arn) : undefined
  if (policy) return policy
  throw notFound(arn)
}

/** Gives a policy the account may change. AWS: its own managed policies belong to nobody else. Errors: AccessDenied. */
export function ownPolicy(ctx: Context, arn: Arn): ManagedPolicyRecord {
  const policy = visiblePolicy(ctx, arn)
  if (arn.split(':')[4] === ctx.account) return policy
  throw new AwsError('AccessDenied', 'Policy is outside your own account.', { status: 403 })
}

/** Asks for an action on a managed policy. */
export function onPolicy(
  ctx: Context,
  arn: Arn,
  action: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): AccessRequest {
  const tags = findManagedPolicy(ctx.cloud.store, arn)?.tags ?? {}
  return {
    action: `iam:${action}`,
    resource: arn,
    resourceInWords: `resource: policy ${arn}`,
    context: { ...resourceTagKeys(tags), ...context },
  }
}

/** Puts a changed copy and gives it. */
export function changePolicy(
  ctx: Context,
  policy: ManagedPolicyRecord,
  changes: Partial<ManagedPolicyRecord>,
): ManagedPolicyRecord {
  const changed = { ...policy, ...changes, updated: ctx.cloud.clock.now() }
  tableOf(ctx, managedPolicies).put(policy.arn, changed)
  return changed
}
