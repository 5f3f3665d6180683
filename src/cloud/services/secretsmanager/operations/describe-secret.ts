/** Secrets without their values: DescribeSecret, ListSecrets, ListSecretVersionIds, UpdateSecretVersionStage. */

import { AwsError, entryOf } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { tagList } from '../../../kernel/tags.ts'
import { accessTo } from '../engine/access.ts'
import { lookUp, save } from '../engine/find.ts'
import { findSecret } from '../engine/find-secret.ts'
import { matchesFilters } from '../engine/secret-filter.ts'
import { moveStage } from '../engine/versions.ts'
import { secretKind } from '../kinds.ts'
import { CURRENT, type Secret, secrets } from '../state.ts'

const dateOf = (time: number | undefined): Date | undefined =>
  time === undefined ? undefined : new Date(time)

const stagesOf = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries(
    Object.values(secret.versions)
      .filter((one) => one.stages.length)
      .map((one) => [one.id, [...one.stages]]),
  )

const describe = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.kmsKeyId,
  LastChangedDate: new Date(secret.changedAt),
  LastAccessedDate: dateOf(secret.accessedAt),
  DeletedDate: dateOf(secret.deletedAt),
  Tags: tagList(secret.tags),
  CreatedDate: new Date(secret.createdAt),
})

export const DescribeSecret = operation({
  service: 'secretsmanager',
  name: 'DescribeSecret',
  access: accessTo('DescribeSecret'),
  run: ({ SecretId }, ctx) => {
    const secret = findSecret(ctx, SecretId, { deleted: true })
    return { ...describe(secret), VersionIdsToStages: stagesOf(secret) }
  },
})

const invalidToken = () => new AwsError('InvalidNextTokenException', 'Invalid token supplied.')

export const ListSecrets = operation({
  service: 'secretsmanager',
  name: 'ListSecrets',
  access: () => [{ action: 'secretsmanager:ListSecrets', resource: '*' }],
  run: (input, ctx) => {
    const { Filters = [], IncludePlannedDeletion, SortOrder = 'desc', SortBy = 'created-date' } = input
    const all = ctx
      .table(secrets)
      .values()
      .filter((one) => lookUp(ctx, one.name) && (IncludePlannedDeletion || one.deletedAt === undefined))
      .filter((one) => matchesFilters(one, Filters))
      .sort((a, b) => order(SortBy, a, b))
    if (SortOrder === 'desc') all.reverse()
    const { NextToken: token, MaxResults: limit = 100 } = input
    const query = [Filters, IncludePlannedDeletion, SortOrder, SortBy]
    const page = paginate(all, { token, limit, query, error: invalidToken })
    const SecretList = page.items.map((one) => ({ ...describe(one), SecretVersionsToStages: stagesOf(one) }))
    return { SecretList, NextToken: page.nextToken }
  },
})

function order(by: string, a: Secret, b: Secret): number {
  if (by === 'name') return a.name < b.name ? -1 : 1
  if (by === 'last-changed-date') return a.changedAt - b.changedAt
  if (by === 'last-accessed-date') return (a.accessedAt ?? 0) - (b.accessedAt ?? 0)
  return a.createdAt - b.createdAt
}

export const ListSecretVersionIds = operation({
  service: 'secretsmanager',
  name: 'ListSecretVersionIds',
  access: accessTo('ListSecretVersionIds'),
  run: (input, ctx) => {
    const secret = findSecret(ctx, input.SecretId, { deleted: true })
    const all = Object.values(secret.versions).filter((one) => input.IncludeDeprecated || one.stages.length)
    const { NextToken: token, MaxResults: limit = 100 } = input
    const query = [secret.arn, input.IncludeDeprecated]
    const page = paginate(all, { token, limit, query, error: invalidToken })
    const Versions = page.items.map((one) => ({
      VersionId: one.id,
      VersionStages: [...one.stages],
      CreatedDate: new Date(one.createdAt),
      KmsKeyIds: [secret.kmsKeyId ?? 'DefaultEncryptionKey'],
    }))
    return { Versions, ARN: secret.arn, Name: secret.name, NextToken: page.nextToken }
  },
})

/** AWS: a stage that stands elsewhere must be named there to be taken away; AWSCURRENT can only be moved. */
export const UpdateSecretVersionStage = operation({
  service: 'secretsmanager',
  name: 'UpdateSecretVersionStage',
  access: (input, ctx) => [
    secretKind.on(ctx, 'UpdateSecretVersionStage', input.SecretId, {
      'secretsmanager:VersionStage': input.VersionStage,
    }),
  ],
  run: ({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }, ctx) => {
    const secret = findSecret(ctx, SecretId)
    const holder = Object.values(secret.versions).find((one) => one.stages.includes(VersionStage))
    if (MoveToVersionId !== undefined && !entryOf(secret.versions, MoveToVersionId))
      throw new AwsError(
        'InvalidParameterException',
        `Not a valid version: ${MoveToVersionId} is not a version of ${secret.name}.`,
      )
    if (holder && RemoveFromVersionId !== holder.id && MoveToVersionId !== holder.id)
      throw new AwsError(
        'InvalidParameterException',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to ` +
          `version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      )
    if (VersionStage === CURRENT && MoveToVersionId === undefined)
      throw new AwsError(
        'InvalidParameterException',
        `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
      )
    save(ctx, { ...moveStage(secret, VersionStage, MoveToVersionId), changedAt: ctx.cloud.clock.now() })
    return { ARN: secret.arn, Name: secret.name }
  },
})
