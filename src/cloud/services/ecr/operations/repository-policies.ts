/** ecr:SetRepositoryPolicy, GetRepositoryPolicy and DeleteRepositoryPolicy. */

import { evaluate, validate } from '../../../../iam/index.ts'
import { AwsError, type PolicyDocument, readJson, resourcePolicyOf } from '../../../../model/index.ts'
import {
  type BoundPolicy,
  bindPolicy,
  compiledBoundPolicy,
  policyText,
  unknownPrincipal,
} from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { changeRepository, invalidAt, inWords } from '../engine/find.ts'
import { repositoryKind } from '../kinds.ts'
import type { Repository } from '../state.ts'

const refused = (what: string): AwsError => invalidAt('PolicyText', what)

/** AWS: one message for whatever is wrong in it: a Resource, an action of another service, a principal not there. */
function readPolicy(ctx: Context, text: string): BoundPolicy {
  let document: PolicyDocument
  try {
    document = readJson(text) as PolicyDocument
  } catch {
    throw refused('Invalid JSON syntax')
  }
  if (validate(document, 'repository').length) throw refused('Invalid repository policy provided')
  if (unknownPrincipal(document, ctx.cloud.directory) !== undefined)
    throw refused('Invalid repository policy provided')
  return bindPolicy(text, ctx.cloud.directory)
}

/** AWS: without `force` a policy that keeps its own author from setting another one is refused. */
function refuseLockout(ctx: Context, { arn }: Repository, policy: BoundPolicy): void {
  const caller = ctx.cloud.directory.caller(ctx.identity)
  const resourcePolicy = compiledBoundPolicy(policy, ctx.cloud.directory, resourcePolicyOf(arn))
  if (!caller) return
  const { effect } = evaluate({
    caller,
    action: 'ecr:SetRepositoryPolicy',
    resource: arn,
    resourcePolicy,
    context: {},
  })
  if (effect === 'explicitDeny')
    throw refused('The policy would keep you from setting another one; set it with force')
}

const answer = (ctx: Context, repository: Repository, policy: BoundPolicy) => ({
  registryId: repository.account,
  repositoryName: repository.name,
  policyText: policyText(policy, ctx.cloud.directory),
})

/** Errors: RepositoryNotFoundException, InvalidParameterException. */
export const SetRepositoryPolicy = operation({
  service: 'ecr',
  name: 'SetRepositoryPolicy',
  access: accessTo('SetRepositoryPolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const policy = readPolicy(ctx, input.policyText)
    if (!input.force) refuseLockout(ctx, repository, policy)
    changeRepository(ctx, repository, { policy })
    return answer(ctx, repository, policy)
  },
})

function policyOf(repository: Repository): BoundPolicy {
  if (repository.policy) return repository.policy
  throw new AwsError(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for the repository ${inWords(repository)}`,
  )
}

/** Errors: RepositoryNotFoundException, RepositoryPolicyNotFoundException. */
export const GetRepositoryPolicy = operation({
  service: 'ecr',
  name: 'GetRepositoryPolicy',
  access: accessTo('GetRepositoryPolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    return answer(ctx, repository, policyOf(repository))
  },
})

/** Errors: RepositoryNotFoundException, RepositoryPolicyNotFoundException. */
export const DeleteRepositoryPolicy = operation({
  service: 'ecr',
  name: 'DeleteRepositoryPolicy',
  access: accessTo('DeleteRepositoryPolicy'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const policy = policyOf(repository)
    changeRepository(ctx, repository, { policy: undefined })
    return answer(ctx, repository, policy)
  },
})
