/** codecommit:MergePullRequestByFastForward, BySquash and ByThreeWay. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { evaluateRules } from '../engine/approval-rules.ts'
import { openRepository, tipOf } from '../engine/find-commit.ts'
import { mergeChanged } from '../engine/happenings.ts'
import { type MergeOption, mergeInto, resolutionIn } from '../engine/merge.ts'
import {
  changePullRequest,
  describePullRequest,
  destinationKey,
  findPullRequest,
  onPullRequest,
  publishPullRequest,
  repositoryOf,
  requireOpen,
} from '../engine/pull-request.ts'
import type { Resolution } from '../engine/resolve-conflicts.ts'
import { sidesOf } from '../engine/sides.ts'

interface Asked {
  readonly pullRequestId: string
  readonly repositoryName: string
  readonly sourceCommitId?: string
  readonly conflictDetailLevel?: string
  readonly conflictResolutionStrategy?: string
  readonly conflictResolution?: Resolution
  readonly authorName?: string
  readonly email?: string
  readonly commitMessage?: string
}

async function merge(ctx: Context, asked: Asked, option: MergeOption) {
  const resolution = resolutionIn(asked)
  const found = findPullRequest(ctx, asked.pullRequestId)
  if (repositoryOf(ctx, found)?.name !== asked.repositoryName)
    throw new AwsError(
      'RepositoryNotAssociatedWithPullRequestException',
      `${asked.repositoryName} is not the repository of the pull request`,
    )
  requireOpen(found)
  if (asked.sourceCommitId !== undefined && asked.sourceCommitId !== found.sourceCommit)
    throw new AwsError(
      'TipOfSourceReferenceIsDifferentException',
      `The tip of the source branch is ${found.sourceCommit}`,
    )
  const { unsatisfied } = evaluateRules(found)
  if (unsatisfied.length && found.overriddenBy === undefined)
    throw new AwsError(
      'PullRequestApprovalRulesNotSatisfiedException',
      `The approval rules are not satisfied: ${unsatisfied.join(', ')}`,
    )
  const opened = openRepository(ctx, asked.repositoryName)
  const branch = found.destinationReference.slice('refs/heads/'.length)
  const sides = await sidesOf(opened.folder, found.sourceCommit, await tipOf(opened.folder, branch))
  const { commitId } = await mergeInto(ctx, opened, sides, {
    option,
    branch,
    ...resolution,
    author: { name: asked.authorName, email: asked.email },
    message: asked.commitMessage,
  })
  const now = findPullRequest(ctx, found.id)
  const how = { by: ctx.identity.arn, commit: commitId, option }
  const happening = mergeChanged(now, asked.repositoryName, how)
  const merged = changePullRequest(ctx, now, { status: 'CLOSED', merged: how }, happening)
  publishPullRequest(ctx, merged, 'pullRequestMergeStatusUpdated')
  return { pullRequest: describePullRequest(ctx, merged) }
}

/** Errors: ManualMergeRequiredException, PullRequestApprovalRulesNotSatisfiedException, TipOfSourceReferenceIsDifferentException. */
export const MergePullRequestByFastForward = operation({
  service: 'codecommit',
  name: 'MergePullRequestByFastForward',
  access: onPullRequest('MergePullRequestByFastForward', destinationKey),
  run: (input, ctx) => merge(ctx, input, 'FAST_FORWARD_MERGE'),
})

/** Errors: as `MergePullRequestByFastForward`. */
export const MergePullRequestBySquash = operation({
  service: 'codecommit',
  name: 'MergePullRequestBySquash',
  access: onPullRequest('MergePullRequestBySquash', destinationKey),
  run: (input, ctx) => merge(ctx, input, 'SQUASH_MERGE'),
})

/** Errors: as `MergePullRequestByFastForward`. */
export const MergePullRequestByThreeWay = operation({
  service: 'codecommit',
  name: 'MergePullRequestByThreeWay',
  access: onPullRequest('MergePullRequestByThreeWay', destinationKey),
  run: (input, ctx) => merge(ctx, input, 'THREE_WAY_MERGE'),
})
