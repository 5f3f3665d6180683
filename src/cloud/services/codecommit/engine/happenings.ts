/** What happens to pull requests, in the words of DescribePullRequestEvents. */
import type { Context } from '../../../kernel/context.ts'
import type { ApprovalRule, PullRequest, PullRequestHappening } from '../state.ts'

/** What is told of an event, by the member of its answer that tells it. */
export interface Happening {
  readonly type: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Gives a pull request's history with one event more, of whoever calls. */
export const historyWith = (
  ctx: Context,
  { history = [] }: Pick<PullRequest, 'history'>,
  { type, details }: Happening,
): readonly PullRequestHappening[] => [
  ...history,
  { type: `PULL_REQUEST_${type}`, actorArn: ctx.identity.arn, at: ctx.cloud.clock.now(), details },
]

export const created = (one: PullRequest, repositoryName: string): Happening => ({
  type: 'CREATED',
  details: {
    pullRequestCreatedEventMetadata: {
      repositoryName,
      sourceCommitId: one.sourceCommit,
      destinationCommitId: one.destinationCommit,
      mergeBase: one.mergeBase,
    },
  },
})

export const statusChanged = (pullRequestStatus: string): Happening => ({
  type: 'STATUS_CHANGED',
  details: { pullRequestStatusChangedEventMetadata: { pullRequestStatus } },
})

export const sourceUpdated = (
  before: PullRequest,
  repositoryName: string,
  afterCommitId: string,
): Happening => ({
  type: 'SOURCE_REFERENCE_UPDATED',
  details: {
    pullRequestSourceReferenceUpdatedEventMetadata: {
      repositoryName,
      beforeCommitId: before.sourceCommit,
      afterCommitId,
      mergeBase: before.mergeBase,
    },
  },
})

export const mergeChanged = (
  { destinationReference }: PullRequest,
  repositoryName: string,
  merged: NonNullable<PullRequest['merged']>,
): Happening => ({
  type: 'MERGE_STATE_CHANGED',
  details: {
    pullRequestMergedStateChangedEventMetadata: {
      repositoryName,
      destinationReference,
      mergeMetadata: {
        isMerged: true,
        mergedBy: merged.by,
        mergeCommitId: merged.commit,
        mergeOption: merged.option,
      },
    },
  },
})

export const ruleChanged = (how: 'CREATED' | 'UPDATED' | 'DELETED', rule: ApprovalRule): Happening => ({
  type: `APPROVAL_RULE_${how}`,
  details: {
    approvalRuleEventMetadata: {
      approvalRuleName: rule.name,
      approvalRuleId: rule.id,
      approvalRuleContent: rule.content,
    },
  },
})

export const ruleOverridden = (revisionId: string, overrideStatus: string): Happening => ({
  type: 'APPROVAL_RULE_OVERRIDDEN',
  details: { approvalRuleOverriddenEventMetadata: { revisionId, overrideStatus } },
})

export const approvalChanged = (revisionId: string, approvalStatus: string): Happening => ({
  type: 'APPROVAL_STATE_CHANGED',
  details: { approvalStateChangedEventMetadata: { revisionId, approvalStatus } },
})
