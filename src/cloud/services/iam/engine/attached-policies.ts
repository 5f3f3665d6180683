/** Managed policies attached to users, groups and roles: what the operations of all three do. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { PrincipalRecord } from '../state.ts'
import { findManagedPolicy } from './managed-policy.ts'
import { byName, page } from './page.ts'
import { change, find, type PrincipalKind } from './principals.ts'

type Kind = PrincipalKind<PrincipalRecord>

const QUOTA = 10

/** Attaches a policy; one that is attached already stays so. Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export function attachPolicy(ctx: Context, kind: Kind, name: string, policyArn: Arn): void {
  const record = find(ctx, kind, name)
  attachable(ctx, policyArn, kind)
  if (record.attachedPolicies.includes(policyArn)) return
  change(ctx, kind, record, { attachedPolicies: withinQuota(kind, [...record.attachedPolicies, policyArn]) })
}

/** Errors: NoSuchEntity, also where the policy is not attached. */
export function detachPolicy(ctx: Context, kind: Kind, name: string, policyArn: Arn): void {
  const record = find(ctx, kind, name)
  if (!record.attachedPolicies.includes(policyArn))
    throw new AwsError('NoSuchEntity', `Policy ${policyArn} was not found.`, { status: 404 })
  const attachedPolicies = record.attachedPolicies.filter((arn) => arn !== policyArn)
  change(ctx, kind, record, { attachedPolicies })
}

/** Gives the attached policies in a page. Errors: NoSuchEntity. */
export function listAttachedPolicies(
  ctx: Context,
  kind: Kind,
  name: string,
  input: { PathPrefix?: string; Marker?: string; MaxItems?: number },
) {
  const policies = find(ctx, kind, name)
    .attachedPolicies.map((arn) => findManagedPolicy(ctx.cloud.store, arn)!)
    .filter((policy) => policy.path.startsWith(input.PathPrefix ?? '/'))
  const { items, rest } = page(input, byName(policies))
  return {
    AttachedPolicies: items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn })),
    ...rest,
  }
}

/**
 * Refuses a policy that is not there for the account. AWS: another account's policy cannot be attached, and neither can
 * those of service-linked roles ("Cannot attach a Service Role Policy to a Customer Role.", aws/aws-cdk issue 6131).
 */
function attachable(ctx: Context, policyArn: Arn, kind: Kind): void {
  const account = policyArn.split(':')[4]
  if (!/^arn:[\w-]+:iam::(aws|\d{12}):policy\//.test(policyArn))
    throw new AwsError('InvalidInput', `ARN ${policyArn} is not valid.`)
  const isVisible = account === 'aws' || account === ctx.account
  const policy = isVisible ? findManagedPolicy(ctx.cloud.store, policyArn) : undefined
  if (policy?.path.startsWith('/aws-service-role/'))
    throw new AwsError(
      'PolicyNotAttachable',
      `Cannot attach a Service Role Policy to a Customer ${kind.word[0]!.toUpperCase()}${kind.word.slice(1)}.`,
    )
  if (policy) return
  throw new AwsError('NoSuchEntity', `Policy ${policyArn} does not exist or is not attachable.`, {
    status: 404,
  })
}

function withinQuota(kind: Kind, policies: readonly Arn[]): readonly Arn[] {
  if (policies.length <= QUOTA) return policies
  throw new AwsError('LimitExceeded', `Cannot exceed quota for ${kind.attachedQuota}: ${QUOTA}`, {
    status: 409,
  })
}
