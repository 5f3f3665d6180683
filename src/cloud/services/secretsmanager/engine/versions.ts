/** Versions of a secret: adding one, moving stages, choosing one. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { CURRENT, PREVIOUS, type Secret, type SecretVersion } from '../state.ts'
import { seal, unseal } from './seal.ts'

/** AWS: deprecated versions are dropped past about a hundred. */
const LIMIT = 100

export interface SecretValue {
  readonly SecretString?: string
  readonly SecretBinary?: Uint8Array
}

const contentOf = ({ SecretString, SecretBinary }: SecretValue): Uint8Array =>
  SecretBinary ?? Buffer.from(SecretString ?? '')

/**
 * Gives the secret with one more version. `current` gives the secret as it is to be changed; it is asked again after
 * KMS has answered, so that no change made meanwhile is lost.
 * AWS: the same token with the same value is a repetition and changes nothing; with another value it is refused.
 * Errors: ResourceExistsException, InvalidParameterException, those of KMS.
 */
export async function addVersion(
  ctx: Context,
  current: () => Secret,
  value: SecretValue,
  options: { id?: string; stages?: readonly string[] } = {},
): Promise<{ secret: Secret; version: SecretVersion }> {
  if (value.SecretString !== undefined && value.SecretBinary !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  const secret = current()
  const id = options.id ?? ctx.cloud.ids.uuid()
  const stages = options.stages ?? [CURRENT]
  const known = entryOf(secret.versions, id)
  if (known) {
    const same = Buffer.from(contentOf(value)).equals(await unseal(ctx, secret, known))
    if (same) return { secret, version: known }
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  const version: SecretVersion = {
    id,
    stages: [],
    binary: value.SecretBinary !== undefined,
    ...(await seal(ctx, secret, id, contentOf(value))),
    createdAt: ctx.cloud.clock.now(),
  }
  const now = current()
  let changed: Secret = {
    ...now,
    versions: dropDeprecated({ ...now.versions, [id]: version }),
    changedAt: ctx.cloud.clock.now(),
  }
  for (const stage of stages) changed = moveStage(changed, stage, id)
  return { secret: changed, version: entryOf(changed.versions, id)! }
}

function dropDeprecated(versions: Secret['versions']): Secret['versions'] {
  const all = Object.values(versions)
  if (all.length <= LIMIT) return versions
  const oldest = all.filter((one) => !one.stages.length).sort((a, b) => a.createdAt - b.createdAt)
  const gone = new Set(oldest.slice(0, all.length - LIMIT).map((one) => one.id))
  return Object.fromEntries(Object.entries(versions).filter(([id]) => !gone.has(id)))
}

/** Gives the secret with a stage at one version only. AWS: what loses AWSCURRENT becomes AWSPREVIOUS. */
export function moveStage(secret: Secret, stage: string, to: string | undefined): Secret {
  const holder = Object.values(secret.versions).find((one) => one.stages.includes(stage))
  if (holder?.id === to) return secret
  const versions = Object.values(secret.versions).map((one) => {
    const stages = one.stages.filter((other) => other !== stage)
    return { ...one, stages: one.id === to ? [...stages, stage] : stages }
  })
  const moved = { ...secret, versions: Object.fromEntries(versions.map((one) => [one.id, one])) }
  return stage === CURRENT && holder ? moveStage(moved, PREVIOUS, holder.id) : moved
}

/** Errors: ResourceNotFoundException, InvalidParameterException for an id and a stage that do not belong together. */
export function chooseVersion(
  secret: Secret,
  { VersionId, VersionStage }: { VersionId?: string; VersionStage?: string },
): SecretVersion {
  const stage = VersionStage ?? (VersionId ? undefined : CURRENT)
  const found = VersionId
    ? entryOf(secret.versions, VersionId)
    : Object.values(secret.versions).find((one) => one.stages.includes(stage!))
  if (!found)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${VersionId ? `VersionId: ${VersionId}` : `staging label: ${stage}`}`,
    )
  if (stage !== undefined && !found.stages.includes(stage))
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    )
  return found
}
