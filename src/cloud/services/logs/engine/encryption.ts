/** The KMS key of a log group: CloudWatch Logs uses it as its own principal, bound to the group's ARN. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { serviceIdentity } from '../../../kernel/identity.ts'
import type { LogGroup } from '../state.ts'
import type { KeyOf } from './event-log.ts'

const asLogs = (ctx: Context) => ({ as: serviceIdentity(`logs.${ctx.region}.amazonaws.com`) })

/**
 * Has KMS make a data key for a group and gives it encrypted, as base64.
 * AWS: the key's policy must let `logs.<region>.amazonaws.com` use it with the context `aws:logs:arn`.
 * Errors: InvalidParameterException when KMS refuses, whatever the reason.
 */
export async function makeDataKey(ctx: Context, keyId: string, groupArn: string): Promise<string> {
  const input = {
    KeyId: keyId,
    KeySpec: 'AES_256' as const,
    EncryptionContext: { 'aws:logs:arn': groupArn },
  }
  try {
    const { CiphertextBlob } = await ctx.call('kms', 'GenerateDataKey', input, asLogs(ctx))
    return Buffer.from(CiphertextBlob!).toString('base64')
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError(
      'InvalidParameterException',
      `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'`,
    )
  }
}

/** Gives the plaintext of every data key of a group. Errors: InvalidParameterException when KMS refuses. */
export async function openDataKeys(ctx: Context, group: LogGroup): Promise<KeyOf> {
  const keys: Buffer[] = []
  for (const blob of group.dataKeys) {
    const input = {
      CiphertextBlob: Buffer.from(blob, 'base64'),
      EncryptionContext: { 'aws:logs:arn': group.arn },
    }
    try {
      const { Plaintext } = await ctx.call('kms', 'Decrypt', input, asLogs(ctx))
      keys.push(Buffer.from(Plaintext!))
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      throw new AwsError(
        'InvalidParameterException',
        `The KMS key of '${group.arn}' cannot be used: ${error.message}`,
      )
    }
  }
  return (index) => keys[index]!
}
