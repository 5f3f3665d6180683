/** Finding the secret that an operation works on: it must be there, and most do not work on one marked for deletion. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { secretKind } from '../kinds.ts'
import type { Secret } from '../state.ts'

/** Errors: ResourceNotFoundException, InvalidRequestException for one marked for deletion. */
export function findSecret(ctx: Context, secretId: string, options: { deleted?: boolean } = {}): Secret {
  const found = secretKind.find(ctx, secretId)
  if (!options.deleted) mustNotBeDeleted(found)
  return found
}

/** Errors: InvalidRequestException. */
export function mustNotBeDeleted({ deletedAt }: Secret): void {
  if (deletedAt === undefined) return
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  )
}
