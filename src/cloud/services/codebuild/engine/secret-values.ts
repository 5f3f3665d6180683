/** Values for a build's environment out of Parameter Store and Secrets Manager, read as the project's role. */
import { entryOf, readJson } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { PhaseFailure } from './build-run.ts'

const told = (what: string) => (error: { code?: string; message: string }) => {
  throw new PhaseFailure(what, `${error.code}: ${error.message}`)
}

/** Gives a parameter's value. AWS: the role needs ssm:GetParameters. Errors: PhaseFailure. */
export async function readParameter(ctx: Context, as: Identity, name: string): Promise<string> {
  const input = { Names: [name], WithDecryption: true }
  const { Parameters = [] } = await ctx
    .call('ssm', 'GetParameters', input, { as })
    .catch(told('Decrypted Variables Error'))
  const [found] = Parameters
  if (!found) throw new PhaseFailure('Decrypted Variables Error', `parameter does not exist: ${name}`)
  return found.Value ?? ''
}

/**
 * Gives a secret's value. AWS: `secret-id:json-key:version-stage:version-id`; an ARN has colons of its own.
 * Errors: PhaseFailure.
 */
export async function readSecret(ctx: Context, as: Identity, reference: string): Promise<string> {
  const parts = reference.split(':')
  const idParts = reference.startsWith('arn:') ? 7 : 1
  const SecretId = parts.slice(0, idParts).join(':')
  const [key, stage, version] = parts.slice(idParts)
  const input = { SecretId, VersionStage: stage || undefined, VersionId: version || undefined }
  const { SecretString } = await ctx
    .call('secretsmanager', 'GetSecretValue', input, { as })
    .catch(told('Secrets Manager Error'))
  if (SecretString === undefined) throw failed(`the secret ${SecretId} holds no text`)
  return key ? jsonValue(SecretString, key, SecretId) : SecretString
}

const failed = (message: string) => new PhaseFailure('Secrets Manager Error', message)

function jsonValue(text: string, key: string, id: string): string {
  let content: unknown
  try {
    content = readJson(text)
  } catch {
    // What the parser says of the text would show some of the secret.
    throw failed(`the secret ${id} is no JSON, so it has no key "${key}"`)
  }
  const value = entryOf(content as Record<string, unknown> | null, key)
  if (value === undefined || value === null) throw failed(`the secret ${id} has no key "${key}"`)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
