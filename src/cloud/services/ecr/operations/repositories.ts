/** ecr:DescribeRepositories and DeleteRepository. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessTo } from '../engine/access.ts'
import { dropUnused, dropUpload } from '../engine/blobs.ts'
import { describeRepository } from '../engine/describe-repository.ts'
import { leaveKey } from '../engine/encryption.ts'
import { imagesOf, imageTable, invalidParameter, layerTable, registryOf } from '../engine/find.ts'
import { repositoryKind } from '../kinds.ts'
import { inRepository, previews, type Repository, repositories, uploads } from '../state.ts'

const PAGE = 100

/** AWS: without names it is asked for on all repositories of the registry. */
export const DescribeRepositories = operation({
  service: 'ecr',
  name: 'DescribeRepositories',
  access: ({ registryId, repositoryNames = ['*'] }, ctx) =>
    repositoryNames.map((repositoryName) =>
      repositoryKind.on(ctx, 'DescribeRepositories', { registryId, repositoryName }),
    ),
  run: ({ registryId, repositoryNames, nextToken, maxResults }, ctx) => {
    if (repositoryNames) {
      if (nextToken !== undefined || maxResults !== undefined)
        throw invalidParameter('nextToken and maxResults cannot be used when repositoryNames are given.')
      const named = repositoryNames.map((repositoryName) =>
        repositoryKind.find(ctx, { registryId, repositoryName }),
      )
      return { repositories: named.map((one) => describeRepository(ctx, one)) }
    }
    const all = ctx
      .table(repositories, registryOf(ctx, { registryId }))
      .values()
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults ?? PAGE,
      query: registryId ?? '',
      error: () => invalidParameter('The nextToken is invalid.'),
    })
    return {
      repositories: page.items.map((one) => describeRepository(ctx, one)),
      nextToken: page.nextToken,
    }
  },
})

/** Errors: RepositoryNotFoundException, RepositoryNotEmptyException, KmsException once the repository is gone. */
export const DeleteRepository = operation({
  service: 'ecr',
  name: 'DeleteRepository',
  access: accessTo('DeleteRepository'),
  run: async (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    if (!input.force && imagesOf(ctx, repository).length)
      throw new AwsError(
        'RepositoryNotEmptyException',
        `The repository with name '${repository.name}' in registry with id '${repository.account}' cannot be deleted because it still contains images`,
      )
    empty(ctx, repository)
    ctx.table(repositories, repository.account).delete(repository.name)
    const answer = { repository: describeRepository(ctx, repository) }
    if (repository.key) await leaveKey(ctx, repository.key)
    return answer
  },
})

function empty(ctx: Context, repository: Repository): void {
  const { name, account } = repository
  const images = imageTable(ctx, repository)
  for (const { digest } of imagesOf(ctx, repository)) images.delete(inRepository(name, digest))
  const table = layerTable(ctx, repository)
  const layers = table.values().filter((one) => one.repository === name)
  for (const { digest } of layers) table.delete(inRepository(name, digest))
  const pending = ctx.table(uploads, account)
  for (const { id, repository: home } of pending.values()) {
    if (home !== name) continue
    pending.delete(id)
    dropUpload(ctx.cloud, id)
  }
  ctx.table(previews, account).delete(name)
  dropUnused(
    ctx.cloud,
    layers.map(({ file }) => file),
  )
}
