/** Comments on pull requests and between commits: posted, answered, reacted to, changed and deleted. */
import {
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreatePullRequestCommand,
  CreateRepositoryCommand,
  DeleteCommentContentCommand,
  GetCommentCommand,
  GetCommentReactionsCommand,
  GetCommentsForComparedCommitCommand,
  GetCommentsForPullRequestCommand,
  PostCommentForComparedCommitCommand,
  PostCommentForPullRequestCommand,
  PostCommentReplyCommand,
  PutCommentReactionCommand,
  UpdateCommentCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)
const repositoryName = 'talked-about'
const ROOT = `arn:aws:iam::${HUB}:root`

let [before, after, pullRequestId]: string[] = []

beforeAll(async () => {
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const commit = async (branchName: string, filePath: string, parentCommitId?: string) => {
    const putFiles = [{ filePath, fileContent: Buffer.from(filePath) }]
    const input = { repositoryName, branchName, parentCommitId, putFiles }
    return (await client.send(new CreateCommitCommand(input))).commitId!
  }
  before = await commit('main', 'a.txt')
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'work', commitId: before }))
  after = await commit('work', 'b.txt', before)
  const { pullRequest } = await client.send(
    new CreatePullRequestCommand({ title: 'T', targets: [{ repositoryName, sourceReference: 'work' }] }),
  )
  pullRequestId = pullRequest!.pullRequestId
})

const place = () => ({ repositoryName, beforeCommitId: before!, afterCommitId: after! })

async function user(UserName: string, ...actions: string[]): Promise<CodeCommitClient> {
  const iam = test.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const Resource = `arn:aws:codecommit:us-east-1:${HUB}:${repositoryName}`
  const Statement = [{ Effect: 'Allow', Action: actions.map((one) => `codecommit:${one}`), Resource }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return test.client(CodeCommitClient, { credentials })
}

it('a pull request has comments with their answers, where they are', async () => {
  const location = { filePath: 'b.txt', filePosition: 1, relativeFileVersion: 'AFTER' as const }
  const posted = await client.send(
    new PostCommentForPullRequestCommand({ pullRequestId, ...place(), location, content: 'Why?' }),
  )
  expect(posted).toMatchObject({
    ...place(),
    location,
    comment: { content: 'Why?', authorArn: ROOT, deleted: false },
  })
  expect(posted.afterBlobId).toMatch(/^[0-9a-f]{40}$/)
  expect(posted.beforeBlobId).toBeUndefined()
  const inReplyTo = posted.comment!.commentId
  const { comment: answer } = await client.send(
    new PostCommentReplyCommand({ inReplyTo, content: 'Because.' }),
  )
  expect(answer).toMatchObject({ content: 'Because.', inReplyTo })
  await client.send(
    new PostCommentForPullRequestCommand({ pullRequestId, ...place(), content: 'In general' }),
  )
  const { commentsForPullRequestData: data } = await client.send(
    new GetCommentsForPullRequestCommand({ pullRequestId }),
  )
  expect(data?.map(({ comments }) => comments?.map((one) => one.content))).toEqual([
    ['Why?', 'Because.'],
    ['In general'],
  ])
  const one = await client.send(new GetCommentsForPullRequestCommand({ pullRequestId, maxResults: 1 }))
  expect([one.commentsForPullRequestData?.length, typeof one.nextToken]).toEqual([1, 'string'])
})

it('compared commits have comments of their own, once for each token', async () => {
  const input = { ...place(), content: 'Fine', clientRequestToken: 'once' }
  const { comment } = await client.send(new PostCommentForComparedCommitCommand(input))
  const again = await client.send(new PostCommentForComparedCommitCommand(input))
  expect(again.comment?.commentId).toBe(comment?.commentId)
  await expect(
    client.send(new PostCommentForComparedCommitCommand({ ...input, content: 'Bad' })),
  ).rejects.toMatchObject({ name: 'IdempotencyParameterMismatchException' })
  const { commentsForComparedCommitData: data } = await client.send(
    new GetCommentsForComparedCommitCommand(place()),
  )
  expect(data).toMatchObject([{ repositoryName, comments: [{ content: 'Fine' }] }])
})

it('a comment is changed by its author, deleted by whoever may, and reacted to', async () => {
  const { comment } = await client.send(
    new PostCommentForComparedCommitCommand({ ...place(), content: 'First' }),
  )
  const commentId = comment!.commentId!
  const other = await user(
    'ada',
    'UpdateComment',
    'DeleteCommentContent',
    'PutCommentReaction',
    'GetCommentReactions',
  )
  await expect(other.send(new UpdateCommentCommand({ commentId, content: 'Mine' }))).rejects.toMatchObject({
    name: 'CommentNotCreatedByCallerException',
  })
  await expect(other.send(new GetCommentCommand({ commentId }))).rejects.toThrow(
    new RegExp(`not authorized to perform: codecommit:GetComment on resource: .*:${repositoryName}`),
  )
  const changed = await client.send(new UpdateCommentCommand({ commentId, content: 'Second' }))
  expect(changed.comment?.content).toBe('Second')

  await other.send(new PutCommentReactionCommand({ commentId, reactionValue: ':thumbsup:' }))
  await client.send(new PutCommentReactionCommand({ commentId, reactionValue: '👍' }))
  await client.send(new PutCommentReactionCommand({ commentId, reactionValue: 'U+1F44E' }))
  const { comment: read } = await client.send(new GetCommentCommand({ commentId }))
  expect(read).toMatchObject({
    callerReactions: [':thumbsdown:'],
    reactionCounts: { ':thumbsup:': 1, ':thumbsdown:': 1 },
  })
  const { reactionsForComment } = await client.send(new GetCommentReactionsCommand({ commentId }))
  expect(reactionsForComment?.map((one) => [one.reaction?.unicode, one.reactionUsers])).toEqual([
    ['U+1F44D', [`arn:aws:iam::${HUB}:user/ada`]],
    ['U+1F44E', [ROOT]],
  ])
  await client.send(new PutCommentReactionCommand({ commentId, reactionValue: 'none' }))
  await expect(
    client.send(new PutCommentReactionCommand({ commentId, reactionValue: ':boat:' })),
  ).rejects.toMatchObject({ name: 'InvalidReactionValueException' })

  const gone = await other.send(new DeleteCommentContentCommand({ commentId }))
  expect(gone.comment).toMatchObject({ deleted: true, reactionCounts: { ':thumbsup:': 1 } })
  await expect(client.send(new GetCommentCommand({ commentId }))).rejects.toMatchObject({
    name: 'CommentDeletedException',
  })
})

it.each([
  [{ afterCommitId: '1'.repeat(40) }, 'CommitDoesNotExist'],
  [{ afterCommitId: 'main' }, 'InvalidCommitId'],
  [{ same: true }, 'BeforeCommitIdAndAfterCommitIdAreSame'],
  [{ location: { filePath: 'none.txt' } }, 'PathDoesNotExist'],
  [{ content: '' }, 'CommentContentRequired'],
  [{ content: 'x'.repeat(10_241) }, 'CommentContentSizeLimitExceeded'],
])('a comment with %j is refused', async ({ same, ...more }: Record<string, unknown>, error) => {
  const input = { ...place(), content: 'C', ...(same ? { afterCommitId: before } : {}), ...more }
  await expect(client.send(new PostCommentForComparedCommitCommand(input as never))).rejects.toMatchObject({
    name: `${error}Exception`,
  })
})

it('what is not there is told', async () => {
  await expect(client.send(new GetCommentCommand({ commentId: 'none' }))).rejects.toMatchObject({
    name: 'CommentDoesNotExistException',
  })
})
