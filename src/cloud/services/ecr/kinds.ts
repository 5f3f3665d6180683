/** The kinds of resources that ECR keeps. AWS: images and layers are no resources for policies. */
import { AwsError, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type Named, registryOf, repositoryArn } from './engine/find.ts'
import { type Repository, repositories } from './state.ts'

/** A repository, named by its registry (the caller's own unless another account's is named) and its name. */
export const repositoryKind = resourceKind({
  service: 'ecr',
  table: repositories,
  key: (repository) => repository.name,
  found: (ctx, named: Named) => {
    const account = registryOf(ctx, named)
    const name = named.repositoryName
    const record = ctx.table(repositories, account).get(name)
    return { record, arn: repositoryArn(ctx, account, name), account, region: ctx.region, name }
  },
  absent: ({ name, account }) =>
    new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${account}'`,
    ),
  policy: ({ record, arn }, ctx) =>
    record?.policy && compiledBoundPolicy(record.policy, ctx.cloud.directory, resourcePolicyOf(arn)),
  tags: tagsInRecord<Repository>({
    join: joinTags(
      (problem) =>
        new AwsError(
          /at most 50/.test(problem) ? 'TooManyTagsException' : 'InvalidTagParameterException',
          problem,
        ),
    ),
    prefixes: ['aws:ResourceTag/', 'ecr:ResourceTag/'],
    creation: 'TagResource',
  }),
})

export const kinds = [repositoryKind]
