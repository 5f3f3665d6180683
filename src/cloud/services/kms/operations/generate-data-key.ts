/** kms:GenerateDataKey, kms:GenerateDataKeyWithoutPlaintext and kms:GenerateRandom. */
import { randomBytes } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { encrypt } from '../engine/cipher.ts'
import { findKey } from '../engine/find-key.ts'
import { checkGrantTokens } from '../engine/grant-token.ts'
import { type EncryptionContext, onKeyWith } from '../engine/key-access.ts'
import { endDryRun, mustBeEnabled } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'

interface DataKeyRequest {
  readonly KeyId: string
  readonly EncryptionContext?: EncryptionContext
  readonly NumberOfBytes?: number
  readonly KeySpec?: 'AES_128' | 'AES_256'
  readonly GrantTokens?: string[]
  readonly DryRun?: boolean
}

/** Errors: NotFoundException, DisabledException, KMSInvalidStateException, ValidationException. */
export const GenerateDataKey = operation({
  service: 'kms',
  name: 'GenerateDataKey',
  access: ({ KeyId, EncryptionContext }, ctx) => [
    onKeyWith(ctx, findKey(ctx, KeyId), 'GenerateDataKey', EncryptionContext),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['Recipient'])
    return generate(ctx, input)
  },
})

/** As GenerateDataKey. */
export const GenerateDataKeyWithoutPlaintext = operation({
  service: 'kms',
  name: 'GenerateDataKeyWithoutPlaintext',
  access: ({ KeyId, EncryptionContext }, ctx) => [
    onKeyWith(ctx, findKey(ctx, KeyId), 'GenerateDataKeyWithoutPlaintext', EncryptionContext),
  ],
  run: (input, ctx) => {
    const { CiphertextBlob, KeyId } = generate(ctx, input)
    return { CiphertextBlob, KeyId }
  },
})

function generate(ctx: Context, input: DataKeyRequest) {
  checkGrantTokens(input.GrantTokens)
  const size = dataKeySize(input)
  const key = keyKind.find(ctx, input.KeyId)
  mustBeEnabled(key)
  endDryRun(input.DryRun)
  const plaintext = randomBytes(size)
  return {
    CiphertextBlob: encrypt(key, plaintext, input.EncryptionContext),
    Plaintext: plaintext,
    KeyId: key.arn,
  }
}

/** Gives bytes. AWS: either a key spec or a number of bytes, not both. */
function dataKeySize({ KeySpec, NumberOfBytes }: DataKeyRequest): number {
  if (KeySpec !== undefined && NumberOfBytes === undefined) return KeySpec === 'AES_128' ? 16 : 32
  if (KeySpec === undefined && NumberOfBytes !== undefined) return NumberOfBytes
  throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.')
}

/** Errors: ValidationException. */
export const GenerateRandom = operation({
  service: 'kms',
  name: 'GenerateRandom',
  access: () => [{ action: 'kms:GenerateRandom', resource: '*' }],
  run: (input) => {
    refuseUnsupported(input, ['CustomKeyStoreId', 'Recipient'])
    if (input.NumberOfBytes === undefined)
      throw new AwsError('ValidationException', 'NumberOfBytes is required.')
    return { Plaintext: randomBytes(input.NumberOfBytes) }
  },
})
