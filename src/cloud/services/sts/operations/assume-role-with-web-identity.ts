/** sts:AssumeRoleWithWebIdentity: a token of an issuer that the account trusts, for credentials of a role. */
import { type Arn, AwsError, formatArn } from '../../../../model/index.ts'
import { newAccessKeyId } from '../../../kernel/access-key-id.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { anonymousIdentity, type Identity } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { assumedIdentity, HOUR, roleKeys, sessionSeconds, trustOf } from '../engine/role-session.ts'
import { packedSize, sessionPolicies } from '../engine/session-policies.ts'
import { type Claims, readToken } from '../engine/web-token.ts'

type WebIdentityInput = Input<'sts', 'AssumeRoleWithWebIdentity'>

/**
 * Hands out credentials of a role to whoever has a token; nobody signs this request.
 *
 * AWS: the account of the role must have the token's issuer as identity provider, with the token's audience among its
 * clients; then the trust policy decides, which names the provider under `Federated` and may ask for the claims `aud`, `sub`
 * and `amr` under the issuer's name. No identity policy has a say.
 * Errors: InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim, AccessDenied, ValidationError.
 */
export const AssumeRoleWithWebIdentity = operation({
  service: 'sts',
  name: 'AssumeRoleWithWebIdentity',
  // What is asked of the trust policy follows from the token, which must be read before.
  access: () => [],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['ProviderId'])
    const account = /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(input.RoleArn)?.[1]
    if (account === undefined) throw new AwsError('ValidationError', `${input.RoleArn} is invalid`)
    const claims = verified(ctx, input.WebIdentityToken)
    const provider = await providerOf(ctx, account, claims)
    await trusted(input, { ctx, account, claims, provider })
    return answer(input, ctx, { claims, provider })
  },
})

const invalidToken = (message: string): AwsError =>
  new AwsError('InvalidIdentityToken', message, { status: 400 })

/** Errors: InvalidIdentityToken where it is none of ours, ExpiredTokenException, IDPRejectedClaim where a claim is missing. */
function verified(ctx: Context, token: string): Claims {
  const read = readToken(ctx.cloud, token)
  if (!read)
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  const { claims, isOurs } = read
  if (!isOurs)
    throw invalidToken(
      'The token is not signed by the embedded cloud, which can fetch no keys of an issuer: have "crossdock token" make one.',
    )
  const { iss, sub, aud, iat, exp } = claims
  if (
    ![iss, sub, aud].every((one) => typeof one === 'string' && one) ||
    iat === undefined ||
    exp === undefined
  )
    throw rejected('A required claim is missing from the token')
  const now = ctx.cloud.clock.now() / 1000
  if (exp <= now)
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now)} must be before the expiration date/time ${exp}`,
      { status: 400 },
    )
  if (iat > now + CLOCK_SKEW) throw rejected('The token was issued in the future')
  return claims as Claims
}

/** Seconds that clocks may differ by. */
const CLOCK_SKEW = 300

const rejected = (why: string): AwsError =>
  new AwsError(
    'IDPRejectedClaim',
    `The identity provider (IdP) reported that authentication failed: ${why}`,
    { status: 403 },
  )

/** Gives the ARN of the identity provider. Errors: InvalidIdentityToken where there is none, or for other audiences. */
async function providerOf(ctx: Context, account: string, { iss, aud }: Claims): Promise<Arn> {
  const issuer = iss.replace(/^https:\/\//, '').replace(/\/$/, '')
  const arn = formatArn('iam', '', account, `oidc-provider/${issuer}`)
  const clients = ctx.cloud.directory.tokenClients(arn)
  if (!clients) throw invalidToken(`No OpenIDConnect provider found in your account for ${iss}`)
  if (!clients.includes(aud)) throw invalidToken('Incorrect token audience')
  return arn
}

interface Presented {
  readonly ctx: Context
  readonly account: string
  readonly claims: Claims
  readonly provider: Arn
}

/** Errors: AccessDenied where the role's trust policy does not let the token in. */
async function trusted(
  input: WebIdentityInput,
  { ctx, account, claims, provider }: Presented,
): Promise<void> {
  const issuer = provider.slice(provider.indexOf('/') + 1)
  const federated: Identity = {
    ...anonymousIdentity,
    arn: provider,
    principalArn: provider,
    federated: provider,
  }
  const { amr } = claims
  await ctx.as(federated, { account }).authorize([
    {
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: input.RoleArn,
      resourceAccount: account,
      resourcePolicy: trustOf(ctx, input.RoleArn),
      context: {
        ...roleKeys(ctx, input),
        [`${issuer}:aud`]: claims.aud,
        [`${issuer}:sub`]: claims.sub,
        ...(typeof amr === 'string' && { [`${issuer}:amr`]: [amr] }),
        'aws:FederatedProvider': provider,
      },
      // AWS: what the policy says is not told to somebody who is nobody yet.
      onDenied: () =>
        new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', {
          status: 403,
        }),
    },
  ])
}

function answer(
  input: WebIdentityInput,
  { cloud, cause }: Context,
  { claims, provider }: Pick<Presented, 'claims' | 'provider'>,
) {
  const role = cloud.directory.role(input.RoleArn)!
  const issuedAt = cloud.clock.now()
  const seconds = sessionSeconds(input.DurationSeconds ?? HOUR, role)
  const assumed = assumedIdentity(role, {
    name: input.RoleSessionName,
    issuedAt,
    expiresAt: issuedAt + seconds * 1000,
    ...sessionPolicies(input, cloud.directory),
    cause,
  })
  const id = newAccessKeyId('ASIA', assumed.account, cloud.ids)
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.sealer.seal(assumed, id)
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(issuedAt + seconds * 1000),
    },
    AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
    SubjectFromWebIdentityToken: claims.sub,
    Audience: claims.aud,
    Provider: provider,
    ...((input.Policy !== undefined || input.PolicyArns?.length) && { PackedPolicySize: packedSize(input) }),
  }
}
