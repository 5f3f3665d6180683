/** kms:EnableKey, DisableKey, UpdateKeyDescription, and the rotation of a key's material. */
import { operation } from '../../../kernel/operation.ts'
import { changeKey } from '../engine/find-key.ts'
import { mustBeEnabled, mustNotBePendingDeletion } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'

const DAY = 86_400_000
const YEAR_OF_DAYS = 365

/** Errors: NotFoundException, KMSInvalidStateException. */
export const EnableKey = operation({
  service: 'kms',
  name: 'EnableKey',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'EnableKey', KeyId)],
  run: ({ KeyId }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { state: 'Enabled' })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const DisableKey = operation({
  service: 'kms',
  name: 'DisableKey',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'DisableKey', KeyId)],
  run: ({ KeyId }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { state: 'Disabled' })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const UpdateKeyDescription = operation({
  service: 'kms',
  name: 'UpdateKeyDescription',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'UpdateKeyDescription', KeyId)],
  run: ({ KeyId, Description }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
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
    keyKind.on(ctx, 'EnableKeyRotation', KeyId, {
      'kms:RotationPeriodInDays': String(RotationPeriodInDays ?? YEAR_OF_DAYS),
    }),
  ],
  run: ({ KeyId, RotationPeriodInDays = YEAR_OF_DAYS }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
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
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'DisableKeyRotation', KeyId)],
  run: ({ KeyId }, ctx) => {
    const key = keyKind.find(ctx, KeyId)
    mustBeEnabled(key)
    changeKey(ctx, key, { rotation: undefined })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const GetKeyRotationStatus = operation({
  service: 'kms',
  name: 'GetKeyRotationStatus',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'GetKeyRotationStatus', KeyId)],
  run: ({ KeyId }, ctx) => {
    const { arn, rotation } = keyKind.find(ctx, KeyId)
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
