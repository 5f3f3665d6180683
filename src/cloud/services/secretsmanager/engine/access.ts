/** Access declared for operations that name a secret and bring no condition keys. */
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { secretKind } from '../kinds.ts'

export const accessTo =
  (action: string) =>
  ({ SecretId }: { SecretId: string }, ctx: Context): AccessRequest[] => [
    secretKind.on(ctx, action, SecretId),
  ]
