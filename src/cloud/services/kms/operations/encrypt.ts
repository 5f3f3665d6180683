/** kms:Encrypt. */
import { operation } from '../../../kernel/operation.ts'
import { encrypt } from '../engine/cipher.ts'
import { findKey } from '../engine/find-key.ts'
import { checkGrantTokens } from '../engine/grant-token.ts'
import { onKeyWith } from '../engine/key-access.ts'
import { endDryRun, mustBeEnabled } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'

/** Errors: NotFoundException, DisabledException, KMSInvalidStateException, DryRunOperationException. */
export const Encrypt = operation({
  service: 'kms',
  name: 'Encrypt',
  access: ({ KeyId, EncryptionContext }, ctx) => [
    onKeyWith(ctx, findKey(ctx, KeyId), 'Encrypt', EncryptionContext),
  ],
  run: ({ KeyId, Plaintext, EncryptionContext, GrantTokens, DryRun }, ctx) => {
    checkGrantTokens(GrantTokens)
    const key = keyKind.find(ctx, KeyId)
    mustBeEnabled(key)
    endDryRun(DryRun)
    return {
      CiphertextBlob: encrypt(key, Plaintext, EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },
})
