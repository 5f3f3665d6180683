/** kms:EnableKey, DisableKey, UpdateKeyDescription, and the rotation of a key's material. */
import { operation } from '../../../kernel/operation.ts'
import { changeKey, existingKey } from '../engine/find-key.ts'
import { onKey } from '../engine/key-access.ts'
import { mustBeEnabled, mustNotBePendingDeletion } from '../engine/key-state.ts'

const DAY = 86_400_000
const YEAR_OF_DAYS = 365

/** Errors: NotFoundException, KMSInvalidStateException. */
export const EnableKey = operation({
  service: 'kms',
  name: 'EnableKey',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'EnableKey')],
  run: ({ KeyId }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { state: 'Enabled' })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const DisableKey = operation({
  service: 'kms',
  name: 'DisableKey',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'DisableKey')],
  run: ({ KeyId }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { state: 'Disabled' })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const UpdateKeyDescription = operation({
  service: 'kms',
  name: 'UpdateKeyDescription',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'UpdateKeyDescription')],
  run: ({ KeyId, Description }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { description: Description })
    return {}
  },
})

/** Errors: NotFoundException, DisabledException, KMSInvalidStateException. */
export const EnableKeyRotation = operation({
  service: 'kms',
  name: 'EnableKeyRotation',
  access: ({ KeyId, RotationPeriodInDays }, ctx) => [
    onKey(ctx, KeyId, 'EnableKeyRotation', {
      'kms:RotationPeriodInDays': String(RotationPeriodInDays ?? YEAR_OF_DAYS),
    }),
  ],
  run: ({ KeyId, RotationPeriodInDays = YEAR_OF_DAYS }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustBeEnabled(key)
    const since = key.rotation?.since ?? ctx.cloud.clock.now()
    changeKey(ctx, key, { rotation: { periodDays: RotationPeriodInDays, since } })
    return {}
  },
})

/** Errors: NotFoundException, DisabledException, KMSInvalidStateException. */
export const DisableKeyRotation = operation({
  service: 'kms',
  name: 'DisableKeyRotation',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'DisableKeyRotation')],
  run: ({ KeyId }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustBeEnabled(key)
    changeKey(ctx, key, { rotation: undefined })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const GetKeyRotationStatus = operation({
  service: 'kms',
  name: 'GetKeyRotationStatus',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'GetKeyRotationStatus')],
  run: ({ KeyId }, ctx) => {
    const { arn, rotation } = existingKey(ctx, KeyId)
    if (!rotation) return { KeyRotationEnabled: false, KeyId: arn }
    const period = rotation.periodDays * DAY
    const passed = Math.floor((ctx.cloud.clock.now() - rotation.since) / period)
    return {
      KeyRotationEnabled: true,
      KeyId: arn,
      RotationPeriodInDays: rotation.periodDays,
      NextRotationDate: new Date(rotation.since + (passed + 1) * period),
    }
  },
})
