/** The kinds of resources that CodeCommit keeps. */
import { AwsError, formatArn } from '../../../model/index.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type Repository, repositories } from './state.ts'

/** A repository of the caller's account, named by its name. AWS: no other account's can be named, nor has it a policy. */
export const repositoryKind = resourceKind({
  service: 'codecommit',
  table: repositories,
  key: (repository) => repository.name,
  found: (ctx, name: string) => ({
    record: ctx.table(repositories).get(name),
    arn: formatArn('codecommit', ctx.region, ctx.account, name),
    account: ctx.account,
    region: ctx.region,
    name,
  }),
  absent: ({ name }) => new AwsError('RepositoryDoesNotExistException', `${name} does not exist`),
  policy: 'none',
  tags: tagsInRecord<Repository>({
    join: joinTags(
      (problem) =>
        new AwsError(
          /at most 50/.test(problem)
            ? 'TooManyTagsException'
            : /aws: prefixed/.test(problem)
              ? 'InvalidSystemTagUsageException'
              : 'TagPolicyException',
          problem,
        ),
    ),
    // AWS: CreateRepository with tags asks for TagResource (service authorization reference, dependent actions).
    creation: 'TagResource',
  }),
})

export const kinds = [repositoryKind]
