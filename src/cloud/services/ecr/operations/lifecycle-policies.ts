/** ecr:PutLifecyclePolicy, GetLifecyclePolicy, DeleteLifecyclePolicy and the preview of a policy. */

import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessTo } from '../engine/access.ts'
import { changeRepository, imagesOf, invalidAt, invalidParameter, inWords } from '../engine/find.ts'
import { applyLifecycle } from '../engine/lifecycle.ts'
import { expiring, type LifecycleRule, readRules } from '../engine/lifecycle-rules.ts'
import { repositoryKind } from '../kinds.ts'
import { previews, type Repository } from '../state.ts'

const PAGE = 100

/** Errors: InvalidParameterException, which tells what is wrong. */
function checkedRules(text: string): readonly LifecycleRule[] {
  const rules = readRules(text)
  if (typeof rules === 'string')
    throw invalidAt('LifecyclePolicyText', `Lifecycle policy validation failure: ${rules}`)
  return rules
}

/** Errors: LifecyclePolicyNotFoundException. */
function policyOf(repository: Repository): NonNullable<Repository['lifecycle']> {
  if (repository.lifecycle) return repository.lifecycle
  throw new AwsError(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository ${inWords(repository)}`,
  )
}

const answer = ({ account, name }: Repository, text: string) => ({
  registryId: account,
  repositoryName: name,
  lifecyclePolicyText: text,
})

/** Errors: RepositoryNotFoundException, InvalidParameterException. */
export const PutLifecyclePolicy = operation({
  service: 'ecr',
  name: 'PutLifecyclePolicy',
  access: accessTo('PutLifecyclePolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const { lifecyclePolicyText: text } = input
    checkedRules(text)
    const lifecycle = { text, evaluatedAt: ctx.cloud.clock.now() }
    applyLifecycle(ctx, changeRepository(ctx, repository, { lifecycle }))
    return answer(repository, text)
  },
})

/** Errors: RepositoryNotFoundException, LifecyclePolicyNotFoundException. */
export const GetLifecyclePolicy = operation({
  service: 'ecr',
  name: 'GetLifecyclePolicy',
  access: accessTo('GetLifecyclePolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const { text, evaluatedAt } = policyOf(repository)
    return { ...answer(repository, text), lastEvaluatedAt: new Date(evaluatedAt) }
  },
})

/** Errors: RepositoryNotFoundException, LifecyclePolicyNotFoundException. */
export const DeleteLifecyclePolicy = operation({
  service: 'ecr',
  name: 'DeleteLifecyclePolicy',
  access: accessTo('DeleteLifecyclePolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const { text, evaluatedAt } = policyOf(repository)
    changeRepository(ctx, repository, { lifecycle: undefined })
    return { ...answer(repository, text), lastEvaluatedAt: new Date(evaluatedAt) }
  },
})

/** AWS: without a text the repository's own policy is tried. Errors: LifecyclePolicyNotFoundException. */
export const StartLifecyclePolicyPreview = operation({
  service: 'ecr',
  name: 'StartLifecyclePolicyPreview',
  access: accessTo('StartLifecyclePolicyPreview'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const text = input.lifecyclePolicyText ?? policyOf(repository).text
    const due = expiring(checkedRules(text), imagesOf(ctx, repository), ctx.cloud.clock.now())
    ctx.table(previews, repository.account).put(repository.name, {
      text,
      results: due.map(({ image: { digest, tags, pushedAt }, priority }) => ({
        digest,
        tags,
        pushedAt,
        priority,
      })),
    })
    return { ...answer(repository, text), status: 'IN_PROGRESS' as const }
  },
})

/** Errors: RepositoryNotFoundException, LifecyclePolicyPreviewNotFoundException. */
export const GetLifecyclePolicyPreview = operation({
  service: 'ecr',
  name: 'GetLifecyclePolicyPreview',
  access: accessTo('GetLifecyclePolicyPreview'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const preview = ctx.table(previews, repository.account).get(repository.name)
    if (!preview)
      throw new AwsError(
        'LifecyclePolicyPreviewNotFoundException',
        `Lifecycle policy preview does not exist for the repository ${inWords(repository)}`,
      )
    const { imageIds, filter: { tagStatus = 'ANY' } = {} } = input
    const wanted = preview.results.filter(
      ({ digest, tags }) =>
        (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0) &&
        (!imageIds || imageIds.some((id) => id.imageDigest === digest || tags.includes(id.imageTag ?? ''))),
    )
    const page = paginate(wanted, {
      token: input.nextToken,
      limit: input.maxResults ?? PAGE,
      query: [repository.arn, imageIds, tagStatus],
      error: () => invalidParameter('The nextToken is invalid.'),
    })
    return {
      ...answer(repository, preview.text),
      status: 'COMPLETE' as const,
      previewResults: page.items.map(({ digest, tags, pushedAt, priority }) => ({
        imageDigest: digest,
        imageTags: [...tags],
        imagePushedAt: new Date(pushedAt),
        action: { type: 'EXPIRE' as const },
        appliedRulePriority: priority,
      })),
      summary: { expiringImageTotalCount: preview.results.length },
      nextToken: page.nextToken,
    }
  },
})
