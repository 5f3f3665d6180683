/** Pull requests as they are found, told of, and changed by what happens to their branches. */

import type { ConditionContext } from '../../../../iam/index.ts'
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { repositoryKind } from '../kinds.ts'
import { type ApprovalRule, type PullRequest, pullRequests, type Repository, repositories } from '../state.ts'
import { referenceKey } from './access.ts'
import { sha256 } from './digest.ts'
import { type Happening, historyWith, sourceUpdated } from './happenings.ts'

/** Errors: PullRequestDoesNotExistException, InvalidPullRequestIdException. */
export function findPullRequest(ctx: Context, id: string): PullRequest {
  if (!/^\d+$/.test(id))
    throw new AwsError('InvalidPullRequestIdException', `The pull request ID ${id} is not valid`)
  const found = ctx.table(pullRequests).get(id)
  if (found && repositoryOf(ctx, found)) return found
  throw new AwsError('PullRequestDoesNotExistException', `The pull request ${id} does not exist`)
}

export const repositoryOf = (ctx: Context, { repositoryId }: PullRequest): Repository | undefined =>
  ctx
    .table(repositories)
    .values()
    .find(({ id }) => id === repositoryId)

/** AWS: pull requests are no resources for policies, their repository is asked; of one that is not there, none is known. */
export const onPullRequest =
  (action: string, keys: (found: PullRequest) => ConditionContext = () => ({})) =>
  ({ pullRequestId: id }: { readonly pullRequestId: string }, ctx: Context): AccessRequest[] => {
    const found = ctx.table(pullRequests).get(id)
    const repository = found && repositoryOf(ctx, found)
    return [repositoryKind.on(ctx, action, repository?.name ?? '*', found && keys(found))]
  }

export const destinationKey = ({ destinationReference }: PullRequest) => referenceKey(destinationReference)

export function changePullRequest(
  ctx: Context,
  found: PullRequest,
  changes: Partial<PullRequest>,
  happening?: Happening,
): PullRequest {
  const history = happening ? historyWith(ctx, found, happening) : found.history
  const changed = { ...found, ...changes, history, lastActivity: ctx.cloud.clock.now() }
  ctx.table(pullRequests).put(found.id, changed)
  return changed
}

/** Errors: PullRequestAlreadyClosedException. */
export function requireOpen({ id, status }: PullRequest): void {
  if (status !== 'OPEN')
    throw new AwsError('PullRequestAlreadyClosedException', `The pull request ${id} is closed already`)
}

export const describeRule = (rule: ApprovalRule) => ({
  approvalRuleId: rule.id,
  approvalRuleName: rule.name,
  approvalRuleContent: rule.content,
  ruleContentSha256: sha256(rule.content),
  creationDate: new Date(rule.created),
  lastModifiedDate: new Date(rule.modified ?? rule.created),
  lastModifiedUser: rule.user,
  ...(rule.template && {
    originApprovalRuleTemplate: {
      approvalRuleTemplateId: rule.template.id,
      approvalRuleTemplateName: rule.template.name,
    },
  }),
})

export const describePullRequest = (ctx: Context, one: PullRequest) => ({
  pullRequestId: one.id,
  title: one.title,
  description: one.description,
  creationDate: new Date(one.created),
  lastActivityDate: new Date(one.lastActivity),
  pullRequestStatus: one.status,
  authorArn: one.authorArn,
  clientRequestToken: one.token,
  revisionId: one.revisionId,
  approvalRules: one.rules.map(describeRule),
  pullRequestTargets: [
    {
      repositoryName: repositoryOf(ctx, one)?.name,
      sourceReference: one.sourceReference,
      destinationReference: one.destinationReference,
      sourceCommit: one.sourceCommit,
      destinationCommit: one.destinationCommit,
      mergeBase: one.mergeBase,
      mergeMetadata: one.merged
        ? {
            isMerged: true,
            mergedBy: one.merged.by,
            mergeCommitId: one.merged.commit,
            mergeOption: one.merged.option as 'SQUASH_MERGE',
          }
        : { isMerged: false },
    },
  ],
})

/** `Tue Jun 18 10:34:20 UTC 2019`. */
function dateInWords(time: number): string {
  const [, day, number, month, year, clock] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(
    new Date(time).toUTCString(),
  )!
  return `${day} ${month} ${number} ${clock} UTC ${year}`
}

/** AWS: monitoring-events, "pullRequestCreated event" and its neighbours; truth is a text there. */
export function publishPullRequest(
  ctx: Context,
  one: PullRequest,
  event:
    | 'pullRequestCreated'
    | 'pullRequestSourceBranchUpdated'
    | 'pullRequestStatusChanged'
    | 'pullRequestMergeStatusUpdated'
    | 'pullRequestApprovalStateChanged'
    | 'pullRequestApprovalRuleOverridden',
  more: Readonly<Record<string, string>> = {},
): void {
  const repository = repositoryOf(ctx, one)!
  const { account, region, name } = repository
  ctx.publish({
    source: 'aws.codecommit',
    detailType: 'CodeCommit Pull Request State Change',
    resources: [formatArn('codecommit', region, account, name)],
    detail: {
      event,
      author: one.authorArn,
      callerUserArn: ctx.identity.arn,
      creationDate: dateInWords(one.created),
      lastModifiedDate: dateInWords(one.lastActivity),
      ...(one.description !== undefined && { description: one.description }),
      destinationCommit: one.destinationCommit,
      destinationReference: one.destinationReference,
      isMerged: one.merged ? 'True' : 'False',
      ...(one.merged && { mergeOption: one.merged.option }),
      notificationBody: `A pull request event occurred in the following AWS CodeCommit repository: ${name}. User: ${ctx.identity.arn}. Event: ${event}. Pull request: ${one.id}.`,
      pullRequestId: one.id,
      pullRequestStatus: one.status === 'OPEN' ? 'Open' : 'Closed',
      repositoryNames: [name],
      revisionId: one.revisionId,
      sourceCommit: one.sourceCommit,
      sourceReference: one.sourceReference,
      title: one.title,
      ...more,
    },
  })
}

/** Has open pull requests follow a branch that has moved. AWS: a new revision has no approvals. */
export function followBranch(ctx: Context, repository: Repository, reference: string, commit: string): void {
  for (const one of ctx.table(pullRequests).values()) {
    if (one.repositoryId !== repository.id || one.status !== 'OPEN') continue
    if (one.destinationReference === reference) changePullRequest(ctx, one, { destinationCommit: commit })
    if (one.sourceReference !== reference || one.sourceCommit === commit) continue
    const revisionId = sha256(ctx.cloud.ids.uuid())
    const moved = changePullRequest(
      ctx,
      one,
      { ...{ sourceCommit: commit, revisionId, approvals: [] }, overriddenBy: undefined },
      sourceUpdated(one, repository.name, commit),
    )
    publishPullRequest(ctx, moved, 'pullRequestSourceBranchUpdated')
  }
}
