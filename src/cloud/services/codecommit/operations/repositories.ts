/** Repositories: made, told of, listed and deleted. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { onRepository } from '../engine/access.ts'
import { describeRepository } from '../engine/describe-repository.ts'
import { checkRepositoryName } from '../engine/names.ts'
import { makeFolder, removeFolder } from '../engine/repository-folder.ts'
import { repositoryKind } from '../kinds.ts'
import { pullRequests, type Repository, repositories, told } from '../state.ts'

/** AWS: page of ListRepositories. */
const PAGE = 1000

/** AWS: BatchGetRepositories takes 25 names (API reference). */
const BATCH = 25

/** Errors: RepositoryNameExistsException, InvalidRepositoryNameException, those of tags. */
export const CreateRepository = operation({
  service: 'codecommit',
  name: 'CreateRepository',
  access: ({ repositoryName, tags }, ctx) =>
    repositoryKind.onNew(ctx, 'CreateRepository', repositoryName, tags),
  run: async (input, ctx) => {
    refuseUnsupported(input, ['kmsKeyId'])
    const { repositoryName: name, repositoryDescription, tags = {} } = input
    checkRepositoryName(name)
    const refuseTaken = () => {
      if (ctx.table(repositories).has(name))
        throw new AwsError('RepositoryNameExistsException', `Repository named ${name} already exists`)
    }
    refuseTaken()
    const now = ctx.cloud.clock.now()
    const repository: Repository = {
      id: ctx.cloud.ids.uuid(),
      name,
      account: ctx.account,
      region: ctx.region,
      description: repositoryDescription,
      created: now,
      modified: now,
      tags: repositoryKind.newTags(Object.entries(tags)),
      triggers: [],
    }
    await makeFolder(ctx.cloud, repository)
    try {
      refuseTaken()
    } catch (error) {
      removeFolder(ctx.cloud, repository)
      throw error
    }
    ctx.table(repositories).put(name, repository)
    return { repositoryMetadata: describeRepository(ctx.cloud, repository) }
  },
})

/** Errors: RepositoryDoesNotExistException. */
export const GetRepository = operation({
  service: 'codecommit',
  name: 'GetRepository',
  access: onRepository('GetRepository'),
  run: ({ repositoryName }, ctx) => ({
    repositoryMetadata: describeRepository(ctx.cloud, repositoryKind.find(ctx, repositoryName)),
  }),
})

/** Errors: MaximumRepositoryNamesExceededException. */
export const BatchGetRepositories = operation({
  service: 'codecommit',
  name: 'BatchGetRepositories',
  access: ({ repositoryNames }, ctx) =>
    repositoryNames.map((name) => repositoryKind.on(ctx, 'BatchGetRepositories', name)),
  run: ({ repositoryNames }, ctx) => {
    if (repositoryNames.length > BATCH)
      throw new AwsError('MaximumRepositoryNamesExceededException', `At most ${BATCH} names are taken`)
    const found = repositoryNames.map((name) => [name, repositoryKind.lookUp(ctx, name)] as const)
    return {
      repositories: found.flatMap(([, one]) => (one ? [describeRepository(ctx.cloud, one)] : [])),
      repositoriesNotFound: found.flatMap(([name, one]) => (one ? [] : [name])),
      errors: [],
    }
  },
})

export const ListRepositories = operation({
  service: 'codecommit',
  name: 'ListRepositories',
  access: (_input, ctx) => [
    {
      action: 'codecommit:ListRepositories',
      resource: formatArn('codecommit', ctx.region, ctx.account, '*'),
    },
  ],
  run: ({ nextToken, sortBy, order = 'ascending' }, ctx) => {
    const sign = order === 'descending' ? -1 : 1
    const before = (one: Repository, other: Repository) =>
      sortBy === 'lastModifiedDate' ? one.modified - other.modified : one.name < other.name ? -1 : 1
    const all = ctx
      .table(repositories)
      .values()
      .sort((one, other) => sign * before(one, other))
    const page = paginate(all, {
      token: nextToken,
      limit: PAGE,
      query: [sortBy, order],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return {
      repositories: page.items.map(({ name, id }) => ({ repositoryName: name, repositoryId: id })),
      nextToken: page.nextToken,
    }
  },
})

/** AWS: one that is not there is deleted without an error, and no id is told. */
export const DeleteRepository = operation({
  service: 'codecommit',
  name: 'DeleteRepository',
  access: onRepository('DeleteRepository'),
  run: async ({ repositoryName }, ctx) => {
    const repository = repositoryKind.lookUp(ctx, repositoryName)
    if (!repository) return {}
    ctx.table(repositories).delete(repositoryName)
    ctx.table(told).delete(repository.id)
    for (const one of ctx.table(pullRequests).values())
      if (one.repositoryId === repository.id) ctx.table(pullRequests).delete(one.id)
    // A folder without its record is taken away at the next start after a kill; a record without its folder would stand.
    await ctx.cloud.store.flush()
    removeFolder(ctx.cloud, repository)
    return { repositoryId: repository.id }
  },
})
