/** Encryption of secret values: a data key from KMS for each version, used with the caller's permissions. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { randomBytes } from '../../../machine/random-bytes.ts'
import type { Secret, SecretVersion } from '../state.ts'

/** AWS: the encryption context binds a value to its secret and version. */
const encryptionContext = (secretArn: string, versionId: string) => ({
  SecretARN: secretArn,
  SecretVersionId: versionId,
})

/** A key without an ARN belongs to the secret's account, whoever calls. */
function keyArn(secret: Pick<Secret, 'arn' | 'kmsKeyId'>): string {
  const { account, region } = parseArn(secret.arn)!
  const keyId = secret.kmsKeyId ?? 'alias/aws/secretsmanager'
  if (keyId.startsWith('arn:')) return keyId
  return `arn:aws:kms:${region}:${account}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`
}

/** AWS: a denial by KMS becomes Secrets Manager's own, other troubles an Encryption- or DecryptionFailure. */
function keyProblem(code: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'AccessDeniedException')
      throw new AwsError('AccessDeniedException', `Access to KMS is not allowed: ${error.message}`)
    throw new AwsError(code, error.message)
  }
}

/** Encrypts a value for a version. Errors: EncryptionFailure, AccessDeniedException. */
export async function seal(
  ctx: Context,
  secret: Pick<Secret, 'arn' | 'kmsKeyId'>,
  versionId: string,
  value: Uint8Array,
): Promise<Pick<SecretVersion, 'sealed' | 'dataKey'>> {
  const { CiphertextBlob, Plaintext } = await ctx
    .call('kms', 'GenerateDataKey', {
      KeyId: keyArn(secret),
      KeySpec: 'AES_256',
      EncryptionContext: encryptionContext(secret.arn, versionId),
    })
    .catch(keyProblem('EncryptionFailure'))
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(Plaintext!), nonce)
  const sealed = Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()])
  return {
    sealed: sealed.toString('base64'),
    dataKey: Buffer.from(CiphertextBlob!).toString('base64'),
  }
}

/** Gives a version's value. Errors: DecryptionFailure, AccessDeniedException. */
export async function unseal(ctx: Context, secret: Secret, version: SecretVersion): Promise<Buffer> {
  const { Plaintext } = await ctx
    .call('kms', 'Decrypt', {
      CiphertextBlob: Buffer.from(version.dataKey, 'base64'),
      EncryptionContext: encryptionContext(secret.arn, version.id),
    })
    .catch(keyProblem('DecryptionFailure'))
  const sealed = Buffer.from(version.sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(Plaintext!), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}
