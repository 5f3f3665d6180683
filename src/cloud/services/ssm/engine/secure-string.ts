/** SecureString values: encrypted and decrypted by KMS with the caller's permissions. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Parameter, ParameterVersion } from '../state.ts'

/** AWS: the key that is used when none is named. */
export const DEFAULT_KEY = 'alias/aws/ssm'

/** AWS: KMS sees the parameter's ARN as encryption context. */
const encryptionContext = (arn: string) => ({ PARAMETER_ARN: arn })

/** A denial stays as it is; other troubles with the key become InvalidKeyId. */
function keyProblem(error: unknown): never {
  if (!(error instanceof AwsError) || error.code === 'AccessDeniedException') throw error
  throw new AwsError('InvalidKeyId', error.message)
}

/** Gives the base64 of the encrypted value. Errors: InvalidKeyId, AccessDeniedException. */
export async function encryptValue(ctx: Context, arn: string, value: string, keyId: string): Promise<string> {
  const input = { KeyId: keyId, Plaintext: Buffer.from(value), EncryptionContext: encryptionContext(arn) }
  const { CiphertextBlob } = await ctx.call('kms', 'Encrypt', input).catch(keyProblem)
  return Buffer.from(CiphertextBlob!).toString('base64')
}

/**
 * Gives a version's value; a SecureString's is decrypted only when that is asked for.
 * Errors: InvalidKeyId, AccessDeniedException.
 */
export async function readValue(
  ctx: Context,
  parameter: Parameter,
  version: ParameterVersion,
  decrypt: boolean | undefined,
): Promise<string> {
  if (version.type !== 'SecureString' || !decrypt) return version.value
  const input = {
    CiphertextBlob: Buffer.from(version.value, 'base64'),
    EncryptionContext: encryptionContext(parameter.arn),
  }
  const { Plaintext } = await ctx.call('kms', 'Decrypt', input).catch(keyProblem)
  return Buffer.from(Plaintext!).toString()
}
