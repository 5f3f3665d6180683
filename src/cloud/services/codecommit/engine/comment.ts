/** Comments as they are found, told and changed. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { repositoryKind } from '../kinds.ts'
import { type Comment, comments, repositories } from '../state.ts'
import { type Opened, openRepository } from './find-commit.ts'
import { COMMIT_ID, checkPath } from './names.ts'
import { noCommit } from './refusals.ts'
import { entryAt } from './tree.ts'

/** AWS: quotas, "Comment size": 10,240 characters. */
const LONGEST = 10_240

/** Errors: InvalidCommentIdException, CommentDoesNotExistException. */
export function findComment(ctx: Context, id: string): Comment {
  const found = ctx.table(comments).get(id)
  if (found) return found
  throw new AwsError('CommentDoesNotExistException', `The comment ${id} does not exist`)
}

/** Errors: as findComment's; CommentDeletedException. */
export function findStanding(ctx: Context, id: string): Comment {
  const found = findComment(ctx, id)
  if (found.content !== undefined) return found
  throw new AwsError('CommentDeletedException', `The comment ${id} is deleted`)
}

export const nameOf = (ctx: Context, { repositoryId }: Comment): string | undefined =>
  ctx
    .table(repositories)
    .values()
    .find(({ id }) => id === repositoryId)?.name

/** AWS: comments are no resources for policies, their repository is asked; of one that is not there, none is known. */
export const onComment =
  (action: string) =>
  (
    { commentId, inReplyTo = commentId }: { commentId?: string; inReplyTo?: string },
    ctx: Context,
  ): AccessRequest[] => {
    const found = ctx.table(comments).get(inReplyTo ?? '')
    return [repositoryKind.on(ctx, action, (found && nameOf(ctx, found)) ?? '*')]
  }

export const describeComment = (ctx: Context, one: Comment) => {
  const counts: Record<string, number> = {}
  for (const reaction of Object.values(one.reactions)) counts[reaction] = (counts[reaction] ?? 0) + 1
  const own = one.reactions[ctx.identity.arn]
  return {
    commentId: one.id,
    ...(one.content !== undefined && { content: one.content }),
    ...(one.inReplyTo !== undefined && { inReplyTo: one.inReplyTo }),
    creationDate: new Date(one.created),
    lastModifiedDate: new Date(one.modified),
    authorArn: one.authorArn,
    deleted: one.content === undefined,
    ...(one.token !== undefined && { clientRequestToken: one.token }),
    callerReactions: own === undefined ? [] : [own],
    reactionCounts: counts,
  }
}

/** Errors: CommentContentSizeLimitExceededException, CommentContentRequiredException. */
export function checkContent(content: string): void {
  if (!content) throw new AwsError('CommentContentRequiredException', 'A comment must not be empty')
  if (content.length > LONGEST)
    throw new AwsError(
      'CommentContentSizeLimitExceededException',
      `A comment has at most ${LONGEST} characters`,
    )
}

export type Posted = Pick<Comment, 'repositoryId' | 'after'> &
  Partial<
    Pick<
      Comment,
      'pullRequestId' | 'before' | 'location' | 'beforeBlob' | 'afterBlob' | 'inReplyTo' | 'token'
    >
  > & {
    readonly content: string
  }

/**
 * Keeps a comment; one that was posted with the same token before is given again.
 * Errors: IdempotencyParameterMismatchException; those of its content.
 */
export function keepComment(ctx: Context, posted: Posted): Comment {
  checkContent(posted.content)
  const table = ctx.table(comments)
  const again =
    posted.token === undefined ? undefined : table.values().find((one) => one.token === posted.token)
  if (again) {
    const isSame = again.content === posted.content && again.repositoryId === posted.repositoryId
    if (isSame && again.inReplyTo === posted.inReplyTo && again.after === posted.after) return again
    throw new AwsError(
      'IdempotencyParameterMismatchException',
      'The token was used with other parameters before',
    )
  }
  const now = ctx.cloud.clock.now()
  const id = ctx.cloud.ids.uuid()
  const { arn: authorArn } = ctx.identity
  const made: Comment = { ...posted, id, created: now, modified: now, authorArn, reactions: {} }
  table.put(id, made)
  publishComment(ctx, made, 'Created')
  return made
}

/** AWS: monitoring-events, "commentOnCommitCreated event" and its neighbours. */
export function publishComment(ctx: Context, one: Comment, what: 'Created' | 'Updated'): void {
  const repositoryName = nameOf(ctx, one)
  if (repositoryName === undefined) return
  const { id: commentId, pullRequestId, before, after, inReplyTo, repositoryId } = one
  const place = pullRequestId === undefined ? 'Commit' : 'PullRequest'
  const event = `commentOn${place}${what}`
  ctx.publish({
    source: 'aws.codecommit',
    detailType: `CodeCommit Comment on ${pullRequestId === undefined ? 'Commit' : 'Pull Request'}`,
    resources: [formatArn('codecommit', ctx.region, ctx.account, repositoryName)],
    detail: {
      event,
      repositoryName,
      repositoryId,
      commentId,
      callerUserArn: ctx.identity.arn,
      ...(before !== undefined && { beforeCommitId: before }),
      afterCommitId: after,
      ...(inReplyTo !== undefined && { inReplyTo }),
      ...(pullRequestId !== undefined && { pullRequestId }),
      notificationBody: `A comment event occurred in the following AWS CodeCommit repository: ${repositoryName}. User: ${ctx.identity.arn}. Event: ${event}. Comment: ${commentId}.`,
    },
  })
}

export function changeComment(ctx: Context, found: Comment, changes: Partial<Comment>): Comment {
  const changed = { ...found, ...changes }
  ctx.table(comments).put(found.id, changed)
  return changed
}

interface Compared {
  readonly repositoryName: string
  readonly beforeCommitId?: string
  readonly afterCommitId: string
  readonly location?: Comment['location']
}

/**
 * Gives what a comment is on. Errors: InvalidCommitIdException, CommitDoesNotExistException, PathDoesNotExistException,
 * BeforeCommitIdAndAfterCommitIdAreSameException, InvalidFileLocationException.
 */
export async function placeOf(
  ctx: Context,
  { repositoryName, beforeCommitId, afterCommitId, location }: Compared,
) {
  const opened = openRepository(ctx, repositoryName)
  const after = await commitOf(opened, afterCommitId)
  const before = beforeCommitId === undefined ? undefined : await commitOf(opened, beforeCommitId)
  if (before === after)
    throw new AwsError(
      'BeforeCommitIdAndAfterCommitIdAreSameException',
      'The commits before and after are the same',
    )
  const blobs =
    location?.filePath === undefined ? {} : await blobsOf(opened, location.filePath, { before, after })
  return { repositoryId: opened.repository.id, before, after, location, ...blobs }
}

async function commitOf({ folder }: Opened, id: string): Promise<string> {
  if (!COMMIT_ID.test(id)) throw new AwsError('InvalidCommitIdException', `The commit ID ${id} is not valid`)
  const found = await commitAt(folder, id)
  if (!found) throw noCommit(id)
  return found
}

async function blobsOf(
  { folder }: Opened,
  filePath: string,
  { before, after }: { before?: string | undefined; after: string },
) {
  const path = checkPath(filePath)
  const old = before === undefined ? undefined : await entryAt(folder, before, path)
  const now = await entryAt(folder, after, path)
  if (!old && !now)
    throw new AwsError('PathDoesNotExistException', `The path ${filePath} does not exist at either commit`)
  return { ...(old && { beforeBlob: old.id }), ...(now && { afterBlob: now.id }) }
}

/** Puts comments that are on the same place together, as they are listed. */
export function gathered(ctx: Context, all: readonly Comment[]) {
  const groups = new Map<string, Comment[]>()
  for (const one of [...all].sort((a, b) => a.created - b.created)) {
    const { pullRequestId, before, after, location } = one
    const key = JSON.stringify([pullRequestId, before, after, location])
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].map((group) => ({
    ...placeTold(ctx, group[0]!),
    comments: group.map((one) => describeComment(ctx, one)),
  }))
}

/** Where a comment is, as it is told. */
export const placeTold = (ctx: Context, one: Comment) => ({
  ...(one.pullRequestId !== undefined && { pullRequestId: one.pullRequestId }),
  repositoryName: nameOf(ctx, one),
  ...(one.before !== undefined && { beforeCommitId: one.before }),
  afterCommitId: one.after,
  ...(one.beforeBlob !== undefined && { beforeBlobId: one.beforeBlob }),
  ...(one.afterBlob !== undefined && { afterBlobId: one.afterBlob }),
  ...(one.location && { location: one.location }),
})
