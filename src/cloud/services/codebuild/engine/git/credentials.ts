/** What builds sign in with at the provider of their source: a connection, a secret, or the account's own credentials. */
import { AwsError, readJson } from '../../../../../model/index.ts'
import type { ProjectSourceSettings } from '../../../../../pipeline/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import { connectionToken } from '../../../../sources/connected-repository.ts'
import { sourceCredentials } from '../../state.ts'

const failed = (message: string): AwsError => new AwsError('InvalidInputException', message)

/**
 * Asks for what a source is fetched with. AWS: the source's own credentials go before the account's; without any it is
 * fetched as the public may ("Multiple access tokens in CodeBuild"). Here every repository is one that the public may
 * read. Errors: the denial; AwsError where the connection is not available or the secret is none for a repository.
 */
export async function useCredentials(
  ctx: Context,
  identity: Identity,
  { type = '', auth }: ProjectSourceSettings,
): Promise<void> {
  const account = ctx.table(sourceCredentials).get(type)
  const own = auth?.resource ? { kind: auth.type, resource: auth.resource } : undefined
  const used = own ?? (account?.resource ? { kind: account.authType, resource: account.resource } : undefined)
  if (used?.kind === 'CODECONNECTIONS') return useToken(ctx, identity, used.resource)
  if (used?.kind === 'SECRETS_MANAGER') return readToken(ctx, identity, used.resource)
}

async function useToken(ctx: Context, identity: Identity, connection: string): Promise<void> {
  const status = await connectionToken(ctx, identity, connection)
  if (status === 'AVAILABLE') return
  throw failed(`Failed to get access token from ${connection}: it is ${status ?? 'not there'}`)
}

/** AWS: the secret is JSON with ServerType, AuthType and Token ("Create and store a token in a Secrets Manager secret"). */
async function readToken(ctx: Context, as: Identity, SecretId: string): Promise<void> {
  const { SecretString = '' } = await ctx.call('secretsmanager', 'GetSecretValue', { SecretId }, { as })
  let token: unknown
  try {
    token = (readJson(SecretString) as { readonly Token?: unknown } | null)?.Token
  } catch {
    // What the parser says of the text would show some of the secret.
  }
  if (typeof token !== 'string' || token === '')
    throw failed(
      `The secret ${SecretId} holds no token: it is to be JSON with ServerType, AuthType and Token`,
    )
}
