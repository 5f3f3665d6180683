/** secretsmanager:CreateSecret. */

import { AwsError, entryOf } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap, tagsProblem } from '../../../kernel/tags.ts'
import { lookUp, newArn, save } from '../engine/find.ts'
import { addVersion } from '../engine/versions.ts'
import { secretKind } from '../kinds.ts'
import type { Secret } from '../state.ts'

export const CreateSecret = operation({
  service: 'secretsmanager',
  name: 'CreateSecret',
  access: (input, ctx) => {
    const conditions = {
      'secretsmanager:Name': input.Name,
      ...(input.Description ? { 'secretsmanager:Description': input.Description } : {}),
      ...(input.KmsKeyId ? { 'secretsmanager:KmsKeyId': input.KmsKeyId } : {}),
    }
    return secretKind.onNew(ctx, 'CreateSecret', input.Name, input.Tags, conditions)
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, ['AddReplicaRegions', 'Type'])
    const { Name, SecretString, SecretBinary } = input
    if (!/^[\w/+=.@-]{1,512}$/.test(Name))
      throw new AwsError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      )
    const tags = tagMap(input.Tags)
    const problem = tagsProblem({}, tags)
    if (problem) throw new AwsError('InvalidParameterException', problem)
    const refuseSecond = () => {
      const existing = lookUp(ctx, Name)
      if (existing?.deletedAt !== undefined)
        throw new AwsError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        )
      if (existing && !(input.ClientRequestToken && entryOf(existing.versions, input.ClientRequestToken)))
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${Name} already exists.`,
        )
      return existing
    }
    const now = ctx.cloud.clock.now()
    const base: Secret = refuseSecond() ?? {
      name: Name,
      arn: newArn(ctx, Name, ctx.cloud.ids.mixed(6)),
      account: ctx.account,
      description: input.Description,
      kmsKeyId: input.KmsKeyId,
      tags,
      versions: {},
      createdAt: now,
      changedAt: now,
    }
    const value = SecretString !== undefined || SecretBinary !== undefined
    const made = value
      ? await addVersion(ctx, () => base, input, { id: input.ClientRequestToken })
      : { secret: base, version: undefined }
    refuseSecond()
    save(ctx, made.secret)
    return { ARN: base.arn, Name, VersionId: made.version?.id }
  },
})
