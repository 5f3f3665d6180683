/** ecr:CreateRepository. */

import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { describeRepository } from '../engine/describe-repository.ts'
import { takeKey } from '../engine/encryption.ts'
import { invalidParameter, registryOf, repositoryArn } from '../engine/find.ts'
import { readMutability } from '../engine/mutability.ts'
import { repositoryKind } from '../kinds.ts'
import { type Repository, repositories } from '../state.ts'
import { repositoryTags } from './tags.ts'

/**
 * AWS: tags take ecr:TagResource besides, a KMS key kms:DescribeKey and kms:CreateGrant.
 * Errors: RepositoryAlreadyExistsException, InvalidParameterException, InvalidTagParameterException, KmsException.
 */
export const CreateRepository = operation({
  service: 'ecr',
  name: 'CreateRepository',
  access: (input, ctx) => repositoryKind.onNew(ctx, 'CreateRepository', input, input.tags),
  run: async (input, ctx) => {
    const { repositoryName: name, encryptionConfiguration: encryption } = input
    const account = registryOf(ctx, input)
    const table = ctx.table(repositories, account)
    const refuseSecond = () => {
      if (table.has(name))
        throw new AwsError(
          'RepositoryAlreadyExistsException',
          `The repository with name '${name}' already exists in the registry with id '${account}'`,
        )
    }
    refuseSecond()
    const isKms = encryption?.encryptionType === 'KMS'
    if (encryption && !isKms && encryption.encryptionType !== 'AES256')
      throw invalidParameter(
        `The embedded cloud does not support the encryption ${encryption.encryptionType}.`,
      )
    if (encryption?.kmsKey !== undefined && !isKms)
      throw invalidParameter(`Invalid parameter at 'kmsKey': a key goes with the encryption type KMS only.`)
    const arn = repositoryArn(ctx, account, name)
    const made: Repository = {
      name,
      arn,
      account,
      region: ctx.region,
      createdAt: ctx.cloud.clock.now(),
      ...readMutability(input),
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
      tags: repositoryKind.newTags(repositoryTags.read(input.tags)),
      ...(isKms && { key: await takeKey(ctx, arn, encryption.kmsKey) }),
    }
    refuseSecond()
    table.put(name, made)
    return { repository: describeRepository(ctx, made) }
  },
})
