/**
 * Encryption under a repository's KMS key.
 * AWS: whoever makes the repository grants ECR the use of the key; from then on ECR asks KMS as itself, so that pushing
 * and pulling take no permission on the key.
 */
import { AwsError, rootArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { cipherAt, newCounter } from '../../../machine/counter-cipher.ts'
import type { Repository, RepositoryKey, Seal } from '../state.ts'

const SERVICE = servicePrincipal('ecr')
const MANAGED_KEY = 'alias/aws/ecr'

/** AWS: trouble with KMS is answered as KmsException, which carries KMS's own code. */
async function withKms<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError('KmsException', error.message, { fields: { kmsError: error.code } })
  }
}

/**
 * Looks the key up and has ECR granted its use, both with the caller's permissions (kms:DescribeKey, kms:CreateGrant).
 * Errors: KmsException.
 */
export async function takeKey(
  ctx: Context,
  repositoryArn: string,
  keyId: string = MANAGED_KEY,
): Promise<RepositoryKey> {
  const { KeyMetadata } = await withKms(ctx.call('kms', 'DescribeKey', { KeyId: keyId }))
  const arn = KeyMetadata!.Arn!
  const grantIds: string[] = []
  for (const operation of ['GenerateDataKey', 'Decrypt'] as const) {
    const { GrantId } = await withKms(
      ctx.call('kms', 'CreateGrant', {
        KeyId: arn,
        GranteePrincipal: SERVICE,
        RetiringPrincipal: rootArn(ctx.account),
        Operations: [operation],
        Constraints: { EncryptionContextSubset: { 'aws:ecr:arn': repositoryArn } },
      }),
    )
    grantIds.push(GrantId!)
  }
  return { arn, grantIds }
}

/** AWS: whoever deletes a repository needs kms:RetireGrant. Errors: KmsException. */
export async function leaveKey(ctx: Context, { arn, grantIds }: RepositoryKey): Promise<void> {
  for (const GrantId of grantIds) await withKms(ctx.call('kms', 'RetireGrant', { KeyId: arn, GrantId }))
}

const asEcr = { as: serviceIdentity(SERVICE) }

/** Encrypts and decrypts alike, from a position in the bytes on. */
type CipherAt = (position: number) => (bytes: Uint8Array) => Uint8Array

/** Bytes of a repository without a key are kept as they are. */
export const inClear: CipherAt = () => (bytes) => bytes

const cipherOf =
  (dataKey: Uint8Array, iv: string): CipherAt =>
  (position) => {
    const cipher = cipherAt(dataKey, iv, position)
    return (bytes) => cipher.update(bytes)
  }

/**
 * Has KMS make a data key for something new in a repository.
 * Errors: KmsException, also when the grant was revoked or the key disabled.
 */
export async function newSeal(
  ctx: Context,
  repository: Repository,
  thing: { readonly bucket: 'layer' | 'manifest'; readonly id: string },
): Promise<{ seal?: Seal; cipher: CipherAt }> {
  if (!repository.key) return { cipher: inClear }
  const { region, arn, account } = repository
  const context = {
    'aws:s3:arn': `arn:aws:s3:::${region}-starport-${thing.bucket}-bucket/${account}/${thing.id}`,
    'aws:ecr:arn': arn,
  }
  const input = { KeyId: repository.key.arn, KeySpec: 'AES_256' as const, EncryptionContext: context }
  const { Plaintext, CiphertextBlob } = await withKms(ctx.call('kms', 'GenerateDataKey', input, asEcr))
  const seal = { dataKey: Buffer.from(CiphertextBlob!).toString('base64'), context, iv: newCounter() }
  return { seal, cipher: cipherOf(Plaintext!, seal.iv) }
}

/** Gives what reads sealed bytes. Errors: KmsException. */
export async function openSeal(ctx: Context, region: string, seal: Seal | undefined): Promise<CipherAt> {
  if (!seal) return inClear
  const input = {
    CiphertextBlob: Buffer.from(seal.dataKey, 'base64'),
    EncryptionContext: { ...seal.context },
  }
  const { Plaintext } = await withKms(ctx.call('kms', 'Decrypt', input, { ...asEcr, region }))
  return cipherOf(Plaintext!, seal.iv)
}
