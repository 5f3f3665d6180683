/** Managed policies of the caller's account: finding, changing, and asking for permission on them. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceKind } from '../../../kernel/resource-kind.ts'
import { type ManagedPolicyRecord, managedPolicies } from '../state.ts'
import { findManagedPolicy } from './managed-policy.ts'
import { tableOf } from './principals.ts'
import { iamTags } from './tags.ts'

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

/** A managed policy, named by its ARN; those of AWS and of other accounts are there too. */
export const policyKind = resourceKind({
  service: 'iam',
  table: managedPolicies,
  key: (policy) => policy.arn,
  found: (ctx, arn: Arn) => {
    const record = findManagedPolicy(ctx.cloud.store, arn)
    return { record, arn, account: ctx.account, region: '' }
  },
  absent: ({ arn }) => notFound(arn),
  policy: 'none',
  tags: iamTags<ManagedPolicyRecord>('TagPolicy'),
  access: ({ arn }) => ({ resourceInWords: `resource: policy ${arn}` }),
})

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
