/** Reading and writing values: GetSecretValue, BatchGetSecretValue, PutSecretValue, UpdateSecret. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { save, startOfDay } from '../engine/find.ts'
import { findSecret } from '../engine/find-secret.ts'
import { unseal } from '../engine/seal.ts'
import { matchesFilters } from '../engine/secret-filter.ts'
import { addVersion, chooseVersion } from '../engine/versions.ts'
import { secretKind } from '../kinds.ts'
import { CURRENT, type Secret, secrets } from '../state.ts'

interface ValueInput {
  readonly SecretId: string
  readonly VersionId?: string
  readonly VersionStage?: string
}

const accessToValue = (input: ValueInput, ctx: Context) =>
  secretKind.on(ctx, 'GetSecretValue', input.SecretId, {
    ...(input.VersionId ? { 'secretsmanager:VersionId': input.VersionId } : {}),
    'secretsmanager:VersionStage': input.VersionStage ?? CURRENT,
  })

async function readSecret(ctx: Context, input: ValueInput) {
  const chosen = chooseVersion(findSecret(ctx, input.SecretId), input)
  const value = await unseal(ctx, findSecret(ctx, input.SecretId), chosen)
  const secret = findSecret(ctx, input.SecretId)
  const today = startOfDay(ctx.cloud.clock.now())
  if (secret.accessedAt !== today) save(ctx, { ...secret, accessedAt: today })
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: chosen.id,
    ...(chosen.binary ? { SecretBinary: value } : { SecretString: value.toString() }),
    VersionStages: [...chosen.stages],
    CreatedDate: new Date(chosen.createdAt),
  }
}

/** AWS: the version at AWSCURRENT unless a version or stage is named. */
export const GetSecretValue = operation({
  service: 'secretsmanager',
  name: 'GetSecretValue',
  access: (input, ctx) => [accessToValue(input, ctx)],
  run: (input, ctx) => readSecret(ctx, input),
})

/** AWS: secrets that cannot be read are told in Errors, the others are given. */
export const BatchGetSecretValue = operation({
  service: 'secretsmanager',
  name: 'BatchGetSecretValue',
  access: () => [{ action: 'secretsmanager:BatchGetSecretValue', resource: '*' }],
  run: async (input, ctx) => {
    const { SecretIdList, Filters, MaxResults: limit = 20, NextToken: token } = input
    if ((SecretIdList === undefined) === (Filters === undefined))
      throw new AwsError(
        'InvalidParameterException',
        'You must include either Filters or SecretIdList, but not both.',
      )
    const ids = SecretIdList ?? matching(ctx, Filters!).map((one) => one.arn)
    const page = paginate(ids, { token, limit, query: [SecretIdList, Filters] })
    const SecretValues: Awaited<ReturnType<typeof readSecret>>[] = []
    const Errors: { SecretId: string; ErrorCode: string; Message: string }[] = []
    for (const SecretId of page.items) {
      try {
        await ctx.authorize([accessToValue({ SecretId }, ctx)])
        SecretValues.push(await readSecret(ctx, { SecretId }))
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        Errors.push({ SecretId, ErrorCode: error.code, Message: error.message })
      }
    }
    return { SecretValues, Errors, NextToken: page.nextToken }
  },
})

const matching = (ctx: Context, filters: readonly { Key?: string; Values?: string[] }[]): Secret[] =>
  ctx
    .table(secrets)
    .values()
    .filter((one) => one.deletedAt === undefined && matchesFilters(one, filters))

export const PutSecretValue = operation({
  service: 'secretsmanager',
  name: 'PutSecretValue',
  access: (input, ctx) => [secretKind.on(ctx, 'PutSecretValue', input.SecretId)],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['RotationToken'])
    if (input.SecretString === undefined && input.SecretBinary === undefined)
      throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.')
    const options = { id: input.ClientRequestToken, stages: input.VersionStages }
    const { secret, version } = await addVersion(ctx, () => findSecret(ctx, input.SecretId), input, options)
    save(ctx, secret)
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
  },
})

export const UpdateSecret = operation({
  service: 'secretsmanager',
  name: 'UpdateSecret',
  access: (input, ctx) => [
    secretKind.on(ctx, 'UpdateSecret', input.SecretId, {
      ...(input.Description ? { 'secretsmanager:Description': input.Description } : {}),
      ...(input.KmsKeyId ? { 'secretsmanager:KmsKeyId': input.KmsKeyId } : {}),
    }),
  ],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['Type'])
    const described = (): Secret => {
      const before = findSecret(ctx, input.SecretId)
      return {
        ...before,
        description: input.Description ?? before.description,
        kmsKeyId: input.KmsKeyId ?? before.kmsKeyId,
        changedAt: ctx.cloud.clock.now(),
      }
    }
    const value = input.SecretString !== undefined || input.SecretBinary !== undefined
    const made = value
      ? await addVersion(ctx, described, input, { id: input.ClientRequestToken })
      : { secret: described(), version: undefined }
    save(ctx, made.secret)
    return { ARN: made.secret.arn, Name: made.secret.name, VersionId: made.version?.id }
  },
})
