/** Pull requests: opened, approved by rules, followed, merged and closed. */
import {
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreatePullRequestApprovalRuleCommand,
  CreatePullRequestCommand,
  CreateRepositoryCommand,
  EvaluatePullRequestApprovalRulesCommand,
  GetBranchCommand,
  GetPullRequestCommand,
  ListPullRequestsCommand,
  MergePullRequestBySquashCommand,
  PutFileCommand,
  UpdatePullRequestApprovalStateCommand,
  UpdatePullRequestStatusCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { HUB, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)
const bytes = (text: string) => Buffer.from(text)

/** A repository with a branch `work` that has a commit of its own; gives that. */
async function opened(repositoryName: string) {
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const commit = (branchName: string, filePath: string, parentCommitId?: string) =>
    client.send(
      new CreateCommitCommand({
        repositoryName,
        branchName,
        parentCommitId,
        putFiles: [{ filePath, fileContent: bytes(filePath) }],
      }),
    )
  const { commitId } = await commit('main', 'a')
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'work', commitId }))
  const work = await commit('work', 'b', commitId)
  const { pullRequest } = await client.send(
    new CreatePullRequestCommand({ title: 'T', targets: [{ repositoryName, sourceReference: 'work' }] }),
  )
  return { base: commitId!, work: work.commitId!, pullRequest: pullRequest! }
}

async function approver(UserName: string, ...deny: object[]): Promise<CodeCommitClient> {
  const iam = test.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = [{ Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }, ...deny]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return test.client(CodeCommitClient, { credentials })
}

it('are opened, told of, listed and closed', async () => {
  const { base, work, pullRequest } = await opened('plain')
  expect(pullRequest).toMatchObject({
    pullRequestStatus: 'OPEN',
    authorArn: `arn:aws:iam::${HUB}:root`,
    pullRequestTargets: [
      {
        repositoryName: 'plain',
        sourceReference: 'refs/heads/work',
        destinationReference: 'refs/heads/main',
        sourceCommit: work,
        destinationCommit: base,
        mergeBase: base,
        mergeMetadata: { isMerged: false },
      },
    ],
  })
  const { pullRequestId } = pullRequest
  const list = { repositoryName: 'plain', pullRequestStatus: 'OPEN' as const }
  expect((await client.send(new ListPullRequestsCommand(list))).pullRequestIds).toEqual([pullRequestId])
  const close = () =>
    client.send(new UpdatePullRequestStatusCommand({ pullRequestId, pullRequestStatus: 'CLOSED' }))
  await close()
  await expect(close()).rejects.toMatchObject({ name: 'InvalidPullRequestStatusUpdateException' })
  expect((await client.send(new ListPullRequestsCommand(list))).pullRequestIds).toEqual([])
  await expect(client.send(new GetPullRequestCommand({ pullRequestId: '999' }))).rejects.toMatchObject({
    name: 'PullRequestDoesNotExistException',
  })
})

it('are merged when their rules are met, by others than their author, for the newest revision', async () => {
  const repositoryName = 'ruled'
  const { work, pullRequest } = await opened(repositoryName)
  const { pullRequestId } = pullRequest
  const approvalRuleContent = JSON.stringify({
    Version: '2018-11-08',
    Statements: [
      {
        Type: 'Approvers',
        NumberOfApprovalsNeeded: 1,
        ApprovalPoolMembers: [`CodeCommitApprovers:${HUB}:ann`],
      },
    ],
  })
  await client.send(
    new CreatePullRequestApprovalRuleCommand({ pullRequestId, approvalRuleName: 'one', approvalRuleContent }),
  )
  const now = async () => (await client.send(new GetPullRequestCommand({ pullRequestId }))).pullRequest!
  const approve = async (by: CodeCommitClient) =>
    by.send(
      new UpdatePullRequestApprovalStateCommand({
        pullRequestId,
        revisionId: (await now()).revisionId,
        approvalState: 'APPROVE',
      }),
    )
  const merge = (by = client) =>
    by.send(new MergePullRequestBySquashCommand({ pullRequestId, repositoryName }))
  const isApproved = async () => {
    const { revisionId } = await now()
    const asked = new EvaluatePullRequestApprovalRulesCommand({ pullRequestId, revisionId })
    return (await client.send(asked)).evaluation?.approved
  }
  const [ann, bob] = [await approver('ann'), await approver('bob')]
  await expect(approve(client)).rejects.toMatchObject({
    name: 'PullRequestCannotBeApprovedByAuthorException',
  })
  await approve(bob)
  expect(await isApproved()).toBe(false)
  await expect(merge()).rejects.toMatchObject({ name: 'PullRequestApprovalRulesNotSatisfiedException' })
  await approve(ann)
  expect(await isApproved()).toBe(true)

  const seen: CloudEvent[] = []
  const stop = test.cloud.bus.listen((one) => seen.push(one))
  await client.send(
    new PutFileCommand({
      repositoryName,
      branchName: 'work',
      filePath: 'c',
      fileContent: bytes('c'),
      parentCommitId: work,
    }),
  )
  expect(await isApproved()).toBe(false)
  await approve(ann)
  const noMain = await approver('carl', {
    Effect: 'Deny',
    Action: 'codecommit:MergePullRequestBySquash',
    Resource: '*',
    Condition: {
      StringEqualsIfExists: { 'codecommit:References': ['refs/heads/main'] },
      Null: { 'codecommit:References': 'false' },
    },
  })
  await expect(merge(noMain)).rejects.toMatchObject({ name: 'AccessDeniedException' })
  const merged = await merge()
  stop()
  const { branch } = await client.send(new GetBranchCommand({ repositoryName, branchName: 'main' }))
  expect(merged.pullRequest).toMatchObject({
    pullRequestStatus: 'CLOSED',
    pullRequestTargets: [
      {
        mergeMetadata: { isMerged: true, mergeCommitId: branch?.commitId, mergeOption: 'SQUASH_MERGE' },
      },
    ],
  })
  const ofRequests = seen.filter((one) => one.detailType === 'CodeCommit Pull Request State Change')
  expect(ofRequests.map(({ detail }) => [detail.event, detail.isMerged, detail.pullRequestStatus])).toEqual([
    ['pullRequestSourceBranchUpdated', 'False', 'Open'],
    ['pullRequestApprovalStateChanged', 'False', 'Open'],
    ['pullRequestMergeStatusUpdated', 'True', 'Closed'],
  ])
  await expect(merge()).rejects.toMatchObject({ name: 'PullRequestAlreadyClosedException' })
})

it.each([
  '',
  '{',
  '{"Version":"1"}',
  '{"Version":"2018-11-08","Statements":[{"Type":"Approvers"}]}',
  '['.repeat(2000),
])('refuse %j as the content of a rule', async (content) => {
  const { pullRequest } = await opened(`rule${content.length}x${content.charCodeAt(0) || 0}`)
  const asked = {
    pullRequestId: pullRequest.pullRequestId,
    approvalRuleName: 'x',
    approvalRuleContent: content,
  }
  await expect(client.send(new CreatePullRequestApprovalRuleCommand(asked))).rejects.toMatchObject({
    name: content ? 'InvalidApprovalRuleContentException' : 'ValidationException',
  })
})
