/** kms:ReEncrypt. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { decrypt, encrypt, openCiphertext } from '../engine/cipher.ts'
import { findKey } from '../engine/find-key.ts'
import { checkGrantTokens } from '../engine/grant-token.ts'
import { onKeyWith } from '../engine/key-access.ts'
import { endDryRun, mustBeEnabled } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'
import { keyOfCiphertext, onCiphertext } from './decrypt.ts'

/**
 * Moves a ciphertext under another key or encryption context.
 * AWS: takes kms:ReEncryptFrom on the one key and kms:ReEncryptTo on the other.
 * Errors: as Decrypt and Encrypt.
 */
export const ReEncrypt = operation({
  service: 'kms',
  name: 'ReEncrypt',
  access: (input, ctx) => {
    const from = onCiphertext(ctx, openCiphertext(input.CiphertextBlob ?? new Uint8Array()), {
      action: 'ReEncryptFrom',
      keyId: input.SourceKeyId,
      context: input.SourceEncryptionContext,
    })
    const destination = findKey(ctx, input.DestinationKeyId)
    const to = onKeyWith(ctx, destination, 'ReEncryptTo', input.DestinationEncryptionContext)
    const same = { 'kms:ReEncryptOnSameKey': String(from.resource === to.resource) }
    return [from, to].map((request) => ({ ...request, context: { ...request.context, ...same } }))
  },
  run: (input, ctx) => {
    refuseUnsupported(input, ['DryRunModifiers'])
    checkGrantTokens(input.GrantTokens)
    const ciphertext = openCiphertext(input.CiphertextBlob ?? new Uint8Array())
    const source = keyOfCiphertext(ctx, ciphertext, input.SourceKeyId)
    const destination = keyKind.find(ctx, input.DestinationKeyId)
    mustBeEnabled(source)
    mustBeEnabled(destination)
    const plaintext = decrypt(source, ciphertext, input.SourceEncryptionContext)
    endDryRun(input.DryRun)
    return {
      CiphertextBlob: encrypt(destination, plaintext, input.DestinationEncryptionContext),
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },
})
