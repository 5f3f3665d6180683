/** The secrets of a container's environment, read as the execution role before the task starts. */
import { AwsError, entryOf, readJson } from '../../../../../model/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import { PullFailure } from '../pull-image.ts'
import type { ContainerDefinition } from './definition.ts'

type Secret = NonNullable<ContainerDefinition['secrets']>[number]

/**
 * Gives the values by name.
 * AWS: `valueFrom` is a parameter's name or ARN, or a secret's ARN with `:json-key:version-stage:version-id` behind it.
 * Errors: PullFailure, a ResourceInitializationError; it never has a value in it.
 */
export async function readSecrets(
  ctx: Context,
  as: Identity | undefined,
  secrets: readonly Secret[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { name = '', valueFrom = '' } of secrets) {
    if (!as)
      throw failure(
        'execution resource retrieval failed',
        'the task has no execution role to read secrets with',
      )
    found[name] = await (isSecret(valueFrom) ? secret(ctx, as, valueFrom) : parameter(ctx, as, valueFrom))
  }
  return found
}

const isSecret = (from: string): boolean => from.split(':')[2] === 'secretsmanager'

const failure = (what: string, why: string): PullFailure =>
  new PullFailure(`ResourceInitializationError: unable to pull secrets or registry auth: ${what}: ${why}`)

function told(what: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AwsError)) throw error
    throw failure(
      'execution resource retrieval failed',
      `unable to retrieve ${what}: service call has been retried 1 time(s): ${error.code}: ${error.message}`,
    )
  }
}

async function parameter(ctx: Context, as: Identity, from: string): Promise<string> {
  const [, , , region] = from.startsWith('arn:') ? from.split(':') : []
  const name = from.startsWith('arn:') ? from.replace(/^(?:[^:]*:){5}parameter/, '') : from
  const asked = [name, name.replace(/^\//, '')]
  const input = { Names: [...new Set(from.startsWith('arn:') ? asked : [name])], WithDecryption: true }
  const { Parameters = [] } = await ctx
    .call('ssm', 'GetParameters', input, { as, region: region || ctx.region })
    .catch(told('secrets from ssm'))
  const [found] = Parameters
  if (found) return found.Value ?? ''
  throw failure(
    'execution resource retrieval failed',
    `unable to retrieve secrets from ssm: invalid parameters: ${name}`,
  )
}

async function secret(ctx: Context, as: Identity, from: string): Promise<string> {
  const parts = from.split(':')
  const SecretId = parts.slice(0, 7).join(':')
  const [key, stage, version] = parts.slice(7)
  const input = { SecretId, VersionStage: stage || undefined, VersionId: version || undefined }
  const { SecretString } = await ctx
    .call('secretsmanager', 'GetSecretValue', input, { as, region: parts[3] || ctx.region })
    .catch(told('secret from asm'))
  if (SecretString === undefined)
    throw failure('unable to retrieve secret from asm', `${SecretId} holds no text`)
  return key ? valueIn(SecretString, key, SecretId) : SecretString
}

function valueIn(text: string, key: string, id: string): string {
  const what = 'execution resource retrieval failed: unable to retrieve secret from asm'
  let content: unknown
  try {
    content = readJson(text)
  } catch {
    // What the parser says of the text would show some of the secret.
    throw failure(what, `the secret ${id} is no JSON`)
  }
  const value = entryOf(content as Record<string, unknown> | null, key)
  if (value === undefined || value === null)
    throw failure(what, `retrieved secret from Secrets Manager did not contain json key ${key}`)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
