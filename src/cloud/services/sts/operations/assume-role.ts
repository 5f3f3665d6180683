/** sts:AssumeRole. */
import { AwsError } from '../../../../model/index.ts'
import { newAccessKeyId } from '../../../kernel/access-key-id.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { AssumableRole, Identity, SessionDetails } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { assumedIdentity, HOUR, roleKeys, sessionSeconds, trustOf } from '../engine/role-session.ts'
import { packedSize, sessionPolicies } from '../engine/session-policies.ts'
import { sessionTags } from '../engine/session-tags.ts'

type AssumeRoleInput = Input<'sts', 'AssumeRole'>

/**
 * Hands out temporary credentials of a role; nothing is written, the session token is the session.
 *
 * AWS: the trust policy must allow the caller, across accounts the caller's identity policy as well. Passing tags
 * also takes sts:TagSession, a source identity sts:SetSourceIdentity. A role that does not exist is answered like
 * one that does not trust.
 * Errors: AccessDenied, ValidationError, MalformedPolicyDocument, PackedPolicyTooLarge.
 */
export const AssumeRole = operation({ service: 'sts', name: 'AssumeRole', access, run })

function access(input: AssumeRoleInput, ctx: Context): AccessRequest[] {
  const account = /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(input.RoleArn)?.[1]
  if (account === undefined) throw new AwsError('ValidationError', `${input.RoleArn} is invalid`)
  const request = {
    resource: input.RoleArn,
    resourceAccount: account,
    resourcePolicy: trustOf(ctx, input.RoleArn),
    context: conditionKeys(input, ctx),
  }
  const actions = ['sts:AssumeRole']
  if (input.Tags?.length) actions.push('sts:TagSession')
  if (input.SourceIdentity !== undefined) actions.push('sts:SetSourceIdentity')
  return actions.map((action) => ({ action, ...request }))
}

function conditionKeys(input: AssumeRoleInput, ctx: Context) {
  const keys = roleKeys(ctx, input)
  const sourceIdentity = input.SourceIdentity ?? ctx.identity.session?.sourceIdentity
  if (input.ExternalId !== undefined) keys['sts:ExternalId'] = input.ExternalId
  if (sourceIdentity !== undefined) keys['sts:SourceIdentity'] = sourceIdentity
  if (input.TransitiveTagKeys?.length) keys['sts:TransitiveTagKeys'] = input.TransitiveTagKeys
  return keys
}

function run(input: AssumeRoleInput, ctx: Context) {
  refuseUnsupported(input, ['SerialNumber', 'TokenCode', 'ProvidedContexts'])
  const { cloud, identity } = ctx
  const role = cloud.directory.role(input.RoleArn)!
  const issuedAt = cloud.clock.now()
  const seconds = duration(input, identity, role)
  const policies = sessionPolicies(input, cloud.directory)
  const { tags, transitiveTagKeys } = sessionTags(input, identity.session)
  const session: SessionDetails = {
    name: input.RoleSessionName,
    issuedAt,
    expiresAt: issuedAt + seconds * 1000,
    ...policies,
    tags,
    transitiveTagKeys,
    sourceIdentity: sourceIdentityOf(input, identity.session),
    cause: ctx.cause,
  }
  const assumed = assumedIdentity(role, session)
  const id = newAccessKeyId('ASIA', assumed.account, cloud.ids)
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.sealer.seal(assumed, id)
  const limited = input.Policy !== undefined || input.PolicyArns?.length || input.Tags?.length
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
    ...(limited ? { PackedPolicySize: packedSize(input) } : {}),
    ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
  }
}

/** AWS: no longer than the role's maximum; an hour where a role assumes a role. */
function duration(input: AssumeRoleInput, identity: Identity, role: AssumableRole): number {
  const seconds = input.DurationSeconds ?? HOUR
  if (identity.kind === 'role' && seconds > HOUR)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  return sessionSeconds(seconds, role)
}

/** AWS: once set, a source identity stays for all sessions that follow from the session. */
function sourceIdentityOf(input: AssumeRoleInput, session: SessionDetails | undefined): string | undefined {
  const inherited = session?.sourceIdentity
  if (inherited === undefined || input.SourceIdentity === undefined || input.SourceIdentity === inherited)
    return inherited ?? input.SourceIdentity
  throw new AwsError(
    'AccessDenied',
    'SourceIdentity cannot be changed once it is set in the calling session.',
    {
      status: 403,
    },
  )
}
