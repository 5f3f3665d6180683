/** Pull requests: opened, told of, changed and closed. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { onRepository } from '../engine/access.ts'
import { sha256 } from '../engine/digest.ts'
import { openRepository, tipOf } from '../engine/find-commit.ts'
import { created, historyWith, statusChanged } from '../engine/happenings.ts'
import {
  changePullRequest,
  describePullRequest,
  findPullRequest,
  onPullRequest,
  publishPullRequest,
  requireOpen,
} from '../engine/pull-request.ts'
import { rulesFor } from '../engine/rule-template.ts'
import { sidesOf } from '../engine/sides.ts'
import { repositoryKind } from '../kinds.ts'
import { type PullRequest, pullRequests } from '../state.ts'

const told = (ctx: Context, one: PullRequest) => ({ pullRequest: describePullRequest(ctx, one) })
const branchOf = (reference: string): string => reference.replace(/^refs\/heads\//, '')

/** AWS: a request with the token of an earlier one is answered with what that one made. Errors: those of branches. */
export const CreatePullRequest = operation({
  service: 'codecommit',
  name: 'CreatePullRequest',
  access: ({ targets }, ctx) =>
    targets.map(({ repositoryName }) => repositoryKind.on(ctx, 'CreatePullRequest', repositoryName)),
  run: async ({ title, description, targets, clientRequestToken: token }, ctx) => {
    const [target, more] = targets
    if (!target) throw new AwsError('TargetsRequiredException', 'A target is required')
    if (more) throw new AwsError('MultipleRepositoriesInPullRequestException', 'One target is taken')
    const { repository, folder } = openRepository(ctx, target.repositoryName)
    const table = ctx.table(pullRequests)
    const again = token === undefined ? undefined : table.values().find((one) => one.token === token)
    if (again) return told(ctx, again)
    const [from, into] = [
      branchOf(target.sourceReference),
      branchOf(target.destinationReference ?? repository.defaultBranch ?? ''),
    ]
    if (from === into)
      throw new AwsError('SourceAndDestinationAreSameException', 'Source and destination are the same branch')
    const [source, destination] = [await tipOf(folder, from), await tipOf(folder, into)]
    const { base } = await sidesOf(folder, source, destination)
    const now = ctx.cloud.clock.now()
    const id = String(Math.max(0, ...table.values().map((one) => Number(one.id))) + 1)
    const made: PullRequest = {
      id,
      repositoryId: repository.id,
      title,
      description,
      status: 'OPEN',
      authorArn: ctx.identity.arn,
      created: now,
      lastActivity: now,
      sourceReference: `refs/heads/${from}`,
      destinationReference: `refs/heads/${into}`,
      sourceCommit: source,
      destinationCommit: destination,
      mergeBase: base,
      revisionId: sha256(ctx.cloud.ids.uuid()),
      token,
      rules: rulesFor(ctx, repository, `refs/heads/${into}`),
      approvals: [],
    }
    const begun = { ...made, history: historyWith(ctx, made, created(made, repository.name)) }
    table.put(id, begun)
    publishPullRequest(ctx, begun, 'pullRequestCreated')
    return told(ctx, begun)
  },
})

/** Errors: PullRequestDoesNotExistException. */
export const GetPullRequest = operation({
  service: 'codecommit',
  name: 'GetPullRequest',
  access: onPullRequest('GetPullRequest'),
  run: ({ pullRequestId }, ctx) => told(ctx, findPullRequest(ctx, pullRequestId)),
})

/** AWS: the newest first. */
export const ListPullRequests = operation({
  service: 'codecommit',
  name: 'ListPullRequests',
  access: onRepository('ListPullRequests'),
  run: ({ repositoryName, authorArn, pullRequestStatus, nextToken, maxResults }, ctx) => {
    const { id } = repositoryKind.find(ctx, repositoryName)
    const all = ctx
      .table(pullRequests)
      .values()
      .filter((one) => one.repositoryId === id)
      .filter((one) => !authorArn || one.authorArn === authorArn)
      .filter((one) => !pullRequestStatus || one.status === pullRequestStatus)
      .sort((one, other) => Number(other.id) - Number(one.id))
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults || 100,
      query: [repositoryName, authorArn, pullRequestStatus],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return { pullRequestIds: page.items.map((one) => one.id), nextToken: page.nextToken }
  },
})

/** AWS: a pull request is closed for good. Errors: InvalidPullRequestStatusUpdateException. */
export const UpdatePullRequestStatus = operation({
  service: 'codecommit',
  name: 'UpdatePullRequestStatus',
  access: onPullRequest('UpdatePullRequestStatus'),
  run: ({ pullRequestId, pullRequestStatus }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    if (pullRequestStatus !== 'CLOSED' || found.status === 'CLOSED')
      throw new AwsError(
        'InvalidPullRequestStatusUpdateException',
        'The only update of a status is from OPEN to CLOSED',
      )
    const closed = changePullRequest(ctx, found, { status: 'CLOSED' }, statusChanged('CLOSED'))
    publishPullRequest(ctx, closed, 'pullRequestStatusChanged')
    return told(ctx, closed)
  },
})

/** Errors: PullRequestAlreadyClosedException. */
export const UpdatePullRequestTitle = operation({
  service: 'codecommit',
  name: 'UpdatePullRequestTitle',
  access: onPullRequest('UpdatePullRequestTitle'),
  run: ({ pullRequestId, title }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    return told(ctx, changePullRequest(ctx, found, { title }))
  },
})

/** Errors: PullRequestAlreadyClosedException. */
export const UpdatePullRequestDescription = operation({
  service: 'codecommit',
  name: 'UpdatePullRequestDescription',
  access: onPullRequest('UpdatePullRequestDescription'),
  run: ({ pullRequestId, description }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    return told(ctx, changePullRequest(ctx, found, { description }))
  },
})

/** AWS: the newest first. Errors: PullRequestDoesNotExistException. */
export const DescribePullRequestEvents = operation({
  service: 'codecommit',
  name: 'DescribePullRequestEvents',
  access: onPullRequest('DescribePullRequestEvents'),
  run: ({ pullRequestId, pullRequestEventType, actorArn, nextToken, maxResults }, ctx) => {
    const { history = [] } = findPullRequest(ctx, pullRequestId)
    const all = history
      .filter(({ type }) => !pullRequestEventType || type === pullRequestEventType)
      .filter((one) => !actorArn || one.actorArn === actorArn)
      .toReversed()
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults || 100,
      query: [pullRequestId, pullRequestEventType, actorArn],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return {
      pullRequestEvents: page.items.map(({ type, actorArn: actor, at, details }) => ({
        pullRequestId,
        eventDate: new Date(at),
        pullRequestEventType: type as 'PULL_REQUEST_CREATED',
        actorArn: actor,
        ...details,
      })),
      nextToken: page.nextToken,
    }
  },
})
