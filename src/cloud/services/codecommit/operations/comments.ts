/** Comments: posted on pull requests and between commits, answered, read, changed and deleted. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { onRepository } from '../engine/access.ts'
import {
  changeComment,
  checkContent,
  describeComment,
  findComment,
  findStanding,
  gathered,
  keepComment,
  onComment,
  placeOf,
  placeTold,
  publishComment,
} from '../engine/comment.ts'
import { findPullRequest, onPullRequest, repositoryOf } from '../engine/pull-request.ts'
import { repositoryKind } from '../kinds.ts'
import { comments } from '../state.ts'

const badToken = () =>
  new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid')

/** Errors: those of commits and paths; IdempotencyParameterMismatchException. */
export const PostCommentForComparedCommit = operation({
  service: 'codecommit',
  name: 'PostCommentForComparedCommit',
  access: onRepository('PostCommentForComparedCommit'),
  run: async ({ content, clientRequestToken: token, ...input }, ctx) => {
    const posted = keepComment(ctx, { ...(await placeOf(ctx, input)), content, token })
    return { ...placeTold(ctx, posted), comment: describeComment(ctx, posted) }
  },
})

/** Errors: as PostCommentForComparedCommit's; RepositoryNotAssociatedWithPullRequestException. */
export const PostCommentForPullRequest = operation({
  service: 'codecommit',
  name: 'PostCommentForPullRequest',
  access: onRepository('PostCommentForPullRequest'),
  run: async ({ pullRequestId, content, clientRequestToken: token, ...input }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    if (repositoryOf(ctx, found)?.name !== input.repositoryName)
      throw new AwsError(
        'RepositoryNotAssociatedWithPullRequestException',
        `${input.repositoryName} is not the repository of the pull request`,
      )
    const posted = keepComment(ctx, { ...(await placeOf(ctx, input)), pullRequestId, content, token })
    return { ...placeTold(ctx, posted), comment: describeComment(ctx, posted) }
  },
})

/** AWS: an answer is where the comment is that it answers. Errors: CommentDoesNotExistException. */
export const PostCommentReply = operation({
  service: 'codecommit',
  name: 'PostCommentReply',
  access: onComment('PostCommentReply'),
  run: ({ inReplyTo, content, clientRequestToken: token }, ctx) => {
    const { pullRequestId, repositoryId, before, after, location, beforeBlob, afterBlob } = findComment(
      ctx,
      inReplyTo,
    )
    const place = { pullRequestId, repositoryId, before, after, location, beforeBlob, afterBlob }
    return { comment: describeComment(ctx, keepComment(ctx, { ...place, inReplyTo, content, token })) }
  },
})

/** Errors: CommentDoesNotExistException, CommentDeletedException. */
export const GetComment = operation({
  service: 'codecommit',
  name: 'GetComment',
  access: onComment('GetComment'),
  run: ({ commentId }, ctx) => ({ comment: describeComment(ctx, findStanding(ctx, commentId)) }),
})

export const GetCommentsForPullRequest = operation({
  service: 'codecommit',
  name: 'GetCommentsForPullRequest',
  access: onPullRequest('GetCommentsForPullRequest'),
  run: ({ pullRequestId, beforeCommitId, afterCommitId, maxResults, nextToken: token }, ctx) => {
    const { id } = findPullRequest(ctx, pullRequestId)
    const all = ctx
      .table(comments)
      .values()
      .filter((one) => one.pullRequestId === id)
      .filter((one) => !beforeCommitId || one.before === beforeCommitId)
      .filter((one) => !afterCommitId || one.after === afterCommitId)
    const query = [id, beforeCommitId, afterCommitId]
    const page = paginate(gathered(ctx, all), { token, limit: maxResults || 100, query, error: badToken })
    return { commentsForPullRequestData: page.items, nextToken: page.nextToken }
  },
})

export const GetCommentsForComparedCommit = operation({
  service: 'codecommit',
  name: 'GetCommentsForComparedCommit',
  access: onRepository('GetCommentsForComparedCommit'),
  run: ({ repositoryName, beforeCommitId, afterCommitId, maxResults, nextToken: token }, ctx) => {
    const { id } = repositoryKind.find(ctx, repositoryName)
    const all = ctx
      .table(comments)
      .values()
      .filter((one) => one.repositoryId === id && one.pullRequestId === undefined)
      .filter((one) => one.before === beforeCommitId && one.after === afterCommitId)
    const query = [id, beforeCommitId, afterCommitId]
    const page = paginate(gathered(ctx, all), { token, limit: maxResults || 100, query, error: badToken })
    return { commentsForComparedCommitData: page.items, nextToken: page.nextToken }
  },
})

/** AWS: nobody changes what another has written. Errors: CommentNotCreatedByCallerException, CommentDeletedException. */
export const UpdateComment = operation({
  service: 'codecommit',
  name: 'UpdateComment',
  access: onComment('UpdateComment'),
  run: ({ commentId, content }, ctx) => {
    const found = findStanding(ctx, commentId)
    if (found.authorArn !== ctx.identity.arn)
      throw new AwsError('CommentNotCreatedByCallerException', `The comment ${commentId} is another's`)
    checkContent(content)
    const changed = changeComment(ctx, found, { content, modified: ctx.cloud.clock.now() })
    publishComment(ctx, changed, 'Updated')
    return { comment: describeComment(ctx, changed) }
  },
})

/** AWS: who may delete one's own may delete any; the place of the comment stays. Errors: CommentDeletedException. */
export const DeleteCommentContent = operation({
  service: 'codecommit',
  name: 'DeleteCommentContent',
  access: onComment('DeleteCommentContent'),
  run: ({ commentId }, ctx) => {
    const found = findStanding(ctx, commentId)
    const changed = changeComment(ctx, found, { content: undefined, modified: ctx.cloud.clock.now() })
    return { comment: describeComment(ctx, changed) }
  },
})
