/** kms:ScheduleKeyDeletion and kms:CancelKeyDeletion. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { changeKey } from '../engine/find-key.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'

const DAY = 86_400_000
const LONGEST = 30
const SHORTEST = 7

/** AWS: the key goes after 7 to 30 days, 30 unless asked. Errors: NotFoundException, KMSInvalidStateException. */
export const ScheduleKeyDeletion = operation({
  service: 'kms',
  name: 'ScheduleKeyDeletion',
  access: ({ KeyId, PendingWindowInDays = LONGEST }, ctx) => [
    keyKind.on(ctx, 'ScheduleKeyDeletion', KeyId, {
      'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays),
    }),
  ],
  run: ({ KeyId, PendingWindowInDays = LONGEST }, ctx) => {
    if (PendingWindowInDays < SHORTEST || PendingWindowInDays > LONGEST)
      throw new AwsError(
        'ValidationException',
        `Invalid pending window in days. Must be between ${SHORTEST} and ${LONGEST}, inclusive.`,
      )
    const key = keyKind.find(ctx, KeyId)
    mustNotBePendingDeletion(key)
    const deletionDate = ctx.cloud.clock.now() + PendingWindowInDays * DAY
    const state = 'PendingDeletion' as const
    changeKey(ctx, key, { state, deletionDate, pendingWindowDays: PendingWindowInDays })
    return { KeyId: key.arn, DeletionDate: new Date(deletionDate), KeyState: state, PendingWindowInDays }
  },
})

/** AWS: the key comes back disabled. Errors: NotFoundException, KMSInvalidStateException. */
export const CancelKeyDeletion = operation({
  service: 'kms',
  name: 'CancelKeyDeletion',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'CancelKeyDeletion', KeyId)],
  run: ({ KeyId }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
    if (key.state !== 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`)
    changeKey(ctx, key, { state: 'Disabled', deletionDate: undefined, pendingWindowDays: undefined })
    return { KeyId: key.arn }
  },
})
