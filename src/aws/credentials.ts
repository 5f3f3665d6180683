/** Credentials for an account: its profile, a role assumed from the hub, or the default chain. */
import type { AwsCredentialIdentity, Provider } from '@smithy/types'
import { FleetError } from '../model/index.ts'
import { embeddedEndpoint } from './endpoint.ts'
import type { Patience } from './patience.ts'

/** Whose credentials are wanted. */
export interface AccountReference {
  /** As the fleet file names it, for messages: `hub` or the environment's name. */
  readonly name: string
  readonly account: string
  readonly profile?: string
  readonly role?: string
}

export type Credentials = AwsCredentialIdentity | Provider<AwsCredentialIdentity>

/** How credentials are found; `secret` is the embedded cloud's root secret. */
export interface CredentialOptions {
  readonly endpoint?: string
  readonly secret?: string
  readonly environment?: NodeJS.ProcessEnv
  /** Present where the environment's own credentials are meant, on the embedded cloud too. */
  readonly roles?: ReadonlyMap<string, unknown>
}

/** The root secret of an embedded cloud that was started elsewhere. */
export const cloudSecret = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.CROSSDOCK_CLOUD_SECRET ?? 'test'

/**
 * Gives credentials for an account. On the embedded cloud that is the account's root user, so that no profile of a real
 * account is ever used against it, or it by mistake against a real account; unless it is one of its own builds that asks.
 */
export async function credentialsFor(
  reference: AccountReference,
  options: CredentialOptions,
  patience: Patience,
): Promise<Credentials | undefined> {
  const environment = options.environment ?? process.env
  const endpoint = options.endpoint ?? embeddedEndpoint(environment)
  if (endpoint && !options.roles)
    return {
      accessKeyId: reference.account,
      secretAccessKey: options.secret ?? cloudSecret(environment),
    }
  if (!reference.profile && !reference.role) return undefined
  const { fromIni, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  const { account } = reference
  const toSts = {
    clientConfig: { ...patience.configuration, ...(endpoint && { endpoint }) },
    // The SDK chooses the region; the account is the one that the role is to lead to.
    clientPlugins: [patience.plugin({ service: 'STS', account })],
  }
  if (!reference.role) return fromIni({ profile: reference.profile, ...toSts })
  return fromTemporaryCredentials({
    params: { RoleArn: reference.role, RoleSessionName: 'crossdock' },
    ...(reference.profile ? { masterCredentials: fromIni({ profile: reference.profile, ...toSts }) } : {}),
    ...toSts,
  })
}

/** The error for credentials that lead to another account than the fleet file says. */
export function wrongAccount(reference: AccountReference, found: string): FleetError {
  const how = reference.profile
    ? `the profile "${reference.profile}"`
    : (reference.role ?? 'the default credentials')
  return new FleetError(
    `${reference.name}: ${how} leads to account ${found}, but the fleet file says ${reference.account}`,
    { fix: `give ${reference.name} a profile or a role of account ${reference.account} in the fleet file` },
  )
}
