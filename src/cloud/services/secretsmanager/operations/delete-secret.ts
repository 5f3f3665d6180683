/** secretsmanager:DeleteSecret and RestoreSecret. */

import { AwsError, parseArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { lookUp, save } from '../engine/find.ts'
import { findSecret } from '../engine/find-secret.ts'
import { secretKind } from '../kinds.ts'
import { secrets } from '../state.ts'

const DAY = 86_400_000

/** AWS: gone after 7 to 30 days (30 unless told otherwise), or at once when that is forced. */
export const DeleteSecret = operation({
  service: 'secretsmanager',
  name: 'DeleteSecret',
  access: (input, ctx) => [
    secretKind.on(ctx, 'DeleteSecret', input.SecretId, {
      'secretsmanager:ForceDeleteWithoutRecovery': String(input.ForceDeleteWithoutRecovery ?? false),
      ...(input.RecoveryWindowInDays === undefined
        ? {}
        : { 'secretsmanager:RecoveryWindowInDays': String(input.RecoveryWindowInDays) }),
    }),
  ],
  run: ({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }, ctx) => {
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      )
    const days = RecoveryWindowInDays ?? 30
    if (days < 7 || days > 30)
      throw new AwsError(
        'InvalidParameterException',
        'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      )
    const now = ctx.cloud.clock.now()
    // AWS answers the forced deletion of a secret that is not there as if it had been.
    if (ForceDeleteWithoutRecovery && !lookUp(ctx, SecretId))
      return { Name: SecretId, DeletionDate: new Date(now) }
    const secret = findSecret(ctx, SecretId, { deleted: ForceDeleteWithoutRecovery })
    const goneAt = ForceDeleteWithoutRecovery ? now : now + days * DAY
    if (ForceDeleteWithoutRecovery) {
      const { account, region } = parseArn(secret.arn)!
      ctx.table(secrets, account, region).delete(secret.name)
    } else save(ctx, { ...secret, deletedAt: now, goneAt })
    return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(goneAt) }
  },
})

export const RestoreSecret = operation({
  service: 'secretsmanager',
  name: 'RestoreSecret',
  access: accessTo('RestoreSecret'),
  run: ({ SecretId }, ctx) => {
    const secret = findSecret(ctx, SecretId, { deleted: true })
    save(ctx, { ...secret, deletedAt: undefined, goneAt: undefined })
    return { ARN: secret.arn, Name: secret.name }
  },
})
