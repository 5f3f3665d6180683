/** What must be allowed on a key before it encrypts or decrypts. */
import { entryOf } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { keyKind } from '../kinds.ts'
import type { FoundKey } from './find-key.ts'

export type EncryptionContext = Readonly<Record<string, string>>

/** Asks for a cryptographic action, with the keys of the encryption context. */
export const onKeyWith = (
  ctx: Context,
  found: FoundKey,
  action: string,
  context: EncryptionContext | undefined,
): AccessRequest => keyKind.onFound(ctx, action, found, encryptionConditions(context))

/** Gives the condition keys of an encryption context. */
export function encryptionConditions(
  context: EncryptionContext | undefined,
): Record<string, string | readonly string[]> {
  const conditions: Record<string, string | readonly string[]> = {
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
  }
  if (!context) return conditions
  const names = Object.keys(context)
  for (const name of names) conditions[`kms:EncryptionContext:${name}`] = entryOf(context, name)!
  if (names.length) conditions['kms:EncryptionContextKeys'] = names
  return conditions
}
