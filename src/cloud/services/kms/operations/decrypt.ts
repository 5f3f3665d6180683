/** kms:Decrypt. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { type Ciphertext, decrypt, openCiphertext } from '../engine/cipher.ts'
import { type FoundKey, findKey, livingKey } from '../engine/find-key.ts'
import { checkGrantTokens } from '../engine/grant-token.ts'
import { type EncryptionContext, onKeyWith } from '../engine/key-access.ts'
import { endDryRun, mustBeEnabled } from '../engine/key-state.ts'
import type { KeyRecord } from '../state.ts'

/**
 * AWS: the ciphertext names its key, so KeyId may be left out; one that is given must be that key.
 * Errors: InvalidCiphertextException, IncorrectKeyException, DisabledException, KMSInvalidStateException.
 */
export const Decrypt = operation({
  service: 'kms',
  name: 'Decrypt',
  access: (input, ctx) => [
    onCiphertext(ctx, openCiphertext(ciphertextBlob(input)), {
      action: 'Decrypt',
      keyId: input.KeyId,
      context: input.EncryptionContext,
    }),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['Recipient', 'DryRunModifiers'])
    checkGrantTokens(input.GrantTokens)
    const ciphertext = openCiphertext(ciphertextBlob(input))
    const key = keyOfCiphertext(ctx, ciphertext, input.KeyId)
    mustBeEnabled(key)
    const plaintext = decrypt(key, ciphertext, input.EncryptionContext)
    endDryRun(input.DryRun)
    return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const }
  },
})

function ciphertextBlob({ CiphertextBlob }: { CiphertextBlob?: Uint8Array }): Uint8Array {
  if (CiphertextBlob) return CiphertextBlob
  throw new AwsError('ValidationException', 'CiphertextBlob must not be null')
}

/** Asks for an action on the key that a request or, without that, the ciphertext names. */
export function onCiphertext(
  ctx: Context,
  ciphertext: Ciphertext,
  options: { action: string; keyId?: string; context?: EncryptionContext },
): AccessRequest {
  const { action, keyId, context } = options
  const found = keyId === undefined ? namedIn(ctx, ciphertext) : findKey(ctx, keyId)
  const request = onKeyWith(ctx, found, action, context)
  if (keyId !== undefined) return request
  return { ...request, resourceInWords: 'the resource associated with this ciphertext' }
}

/** AWS: a ciphertext can only be decrypted in the region of its key. */
function namedIn(ctx: Context, { keyArn }: Ciphertext): FoundKey {
  const { account = '', region, resource = '' } = parseArn(keyArn) ?? {}
  const key = region === ctx.region ? livingKey(ctx, resource.slice('key/'.length), account) : undefined
  return { record: key, arn: keyArn, account, region: ctx.region }
}

/** Gives the key of a ciphertext. Errors: IncorrectKeyException when the request means another one. */
export function keyOfCiphertext(ctx: Context, ciphertext: Ciphertext, keyId: string | undefined): KeyRecord {
  const { record: key } = keyId === undefined ? namedIn(ctx, ciphertext) : findKey(ctx, keyId)
  if (key && key.arn === ciphertext.keyArn) return key
  throw new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )
}
