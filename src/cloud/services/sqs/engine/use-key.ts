/** Queues that are encrypted with a KMS key: whoever sends and receives must be allowed to use it. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Queue } from '../state.ts'

/** How SQS names what KMS answers. */
const PROBLEMS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KmsAccessDenied',
  DisabledException: 'KmsDisabled',
  KMSInvalidStateException: 'KmsInvalidState',
  NotFoundException: 'KmsNotFound',
}

const contextOf = ({ arn }: Queue) => ({ 'aws:sqs:arn': arn })

/**
 * Gives the data key that messages are sent under, as KMS sealed it (Base64); undefined for a queue without a key. AWS: who
 * sends must be allowed to generate it and to decrypt it. Errors: SQS's own for KMS's.
 */
export async function newDataKey(ctx: Context, queue: Queue): Promise<string | undefined> {
  const { KmsMasterKeyId: KeyId } = queue.attributes
  if (KeyId === undefined) return undefined
  const EncryptionContext = contextOf(queue)
  const made = ctx.call('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext })
  const { CiphertextBlob } = await made.catch(inOurWords)
  const key = Buffer.from(CiphertextBlob!).toString('base64')
  await openDataKey(ctx, queue, key)
  return key
}

/** AWS: who receives must be allowed to decrypt the data key. Errors: SQS's own for KMS's. */
export async function openDataKey(ctx: Context, queue: Queue, key: string): Promise<void> {
  const CiphertextBlob = Buffer.from(key, 'base64')
  await ctx.call('kms', 'Decrypt', { CiphertextBlob, EncryptionContext: contextOf(queue) }).catch(inOurWords)
}

function inOurWords(error: unknown): never {
  const code = error instanceof AwsError ? PROBLEMS[error.code] : undefined
  throw code === undefined ? error : new AwsError(code, (error as AwsError).message)
}
