/** What every way of assuming a role has in common: the trust policy, the keys of the request, the session. */
import { type Arn, AwsError, supposedPolicy } from '../../../../model/index.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import {
  type AssumableRole,
  type CompiledPolicy,
  type Identity,
  type SessionDetails,
  sessionArn,
} from '../../../kernel/identity.ts'

/** Seconds of a session where nobody says otherwise. */
export const HOUR = 3_600

const NO_ROLE = supposedPolicy('no role')

/** Gives the trust policy of a role. AWS: a role that does not exist is answered like one that trusts nobody. */
export const trustOf = (ctx: Context, role: Arn): CompiledPolicy =>
  ctx.cloud.directory.role(role)?.trustPolicy ??
  compiledPolicy('{"Version":"2012-10-17","Statement":[]}', NO_ROLE)

/** Gives the condition keys of the request and of the role. */
export function roleKeys(
  ctx: Context,
  input: { readonly RoleArn: Arn; readonly RoleSessionName: string; readonly DurationSeconds?: number },
): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:DurationSeconds': String(input.DurationSeconds ?? HOUR),
  }
  for (const [key, value] of Object.entries(ctx.cloud.directory.role(input.RoleArn)?.tags ?? {})) {
    keys[`aws:ResourceTag/${key}`] = value
    keys[`iam:ResourceTag/${key}`] = value
  }
  return keys
}

/** AWS: no longer than the role's maximum. Errors: ValidationError. */
export function sessionSeconds(seconds: number, { maxSessionSeconds }: AssumableRole): number {
  if (seconds <= maxSessionSeconds) return seconds
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

/** Gives the role as somebody who has assumed it. */
export const assumedIdentity = ({ arn, id }: AssumableRole, session: SessionDetails): Identity => ({
  kind: 'role',
  account: arn.split(':')[4]!,
  arn: sessionArn(arn, session.name),
  principalArn: arn,
  userId: `${id}:${session.name}`,
  session,
})
