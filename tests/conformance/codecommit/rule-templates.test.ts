/** Approval rule templates, the rules that pull requests get of them, and rules that are set aside. */
import {
  AssociateApprovalRuleTemplateWithRepositoryCommand,
  BatchAssociateApprovalRuleTemplateWithRepositoriesCommand,
  BatchDisassociateApprovalRuleTemplateFromRepositoriesCommand,
  CodeCommitClient,
  CreateApprovalRuleTemplateCommand,
  CreateBranchCommand,
  CreateCommitCommand,
  CreatePullRequestApprovalRuleCommand,
  CreatePullRequestCommand,
  CreateRepositoryCommand,
  DeleteApprovalRuleTemplateCommand,
  DeletePullRequestApprovalRuleCommand,
  DescribePullRequestEventsCommand,
  DisassociateApprovalRuleTemplateFromRepositoryCommand,
  EvaluatePullRequestApprovalRulesCommand,
  GetApprovalRuleTemplateCommand,
  GetPullRequestOverrideStateCommand,
  ListApprovalRuleTemplatesCommand,
  ListAssociatedApprovalRuleTemplatesForRepositoryCommand,
  ListRepositoriesForApprovalRuleTemplateCommand,
  MergePullRequestByFastForwardCommand,
  OverridePullRequestApprovalRulesCommand,
  UpdateApprovalRuleTemplateContentCommand,
  UpdateApprovalRuleTemplateDescriptionCommand,
  UpdateApprovalRuleTemplateNameCommand,
  UpdatePullRequestApprovalRuleContentCommand,
} from '@aws-sdk/client-codecommit'
import { beforeAll, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(CodeCommitClient)
const names = ['one', 'two']

const content = (needed: number, ...DestinationReferences: string[]) =>
  JSON.stringify({
    Version: '2018-11-08',
    ...(DestinationReferences.length && { DestinationReferences }),
    Statements: [{ Type: 'Approvers', NumberOfApprovalsNeeded: needed }],
  })

const create = (approvalRuleTemplateName: string, approvalRuleTemplateContent = content(1)) =>
  client.send(
    new CreateApprovalRuleTemplateCommand({ approvalRuleTemplateName, approvalRuleTemplateContent }),
  )

const associate = (approvalRuleTemplateName: string, repositoryName: string) =>
  client.send(
    new AssociateApprovalRuleTemplateWithRepositoryCommand({ approvalRuleTemplateName, repositoryName }),
  )

const open = async (repositoryName: string, destinationReference = 'main') => {
  const targets = [{ repositoryName, sourceReference: 'work', destinationReference }]
  return (await client.send(new CreatePullRequestCommand({ title: 'T', targets }))).pullRequest!
}

beforeAll(async () => {
  for (const repositoryName of names) {
    await client.send(new CreateRepositoryCommand({ repositoryName }))
    const commit = async (branchName: string, filePath: string, parentCommitId?: string) => {
      const putFiles = [{ filePath, fileContent: Buffer.from(filePath) }]
      return (
        await client.send(new CreateCommitCommand({ repositoryName, branchName, parentCommitId, putFiles }))
      ).commitId!
    }
    const commitId = await commit('main', 'a.txt')
    for (const branchName of ['work', 'release-1'])
      await client.send(new CreateBranchCommand({ repositoryName, branchName, commitId }))
    await commit('work', 'b.txt', commitId)
  }
})

it('a template is made, changed, listed and deleted', async () => {
  const { approvalRuleTemplate: made } = await create('life')
  expect(made).toMatchObject({
    approvalRuleTemplateName: 'life',
    lastModifiedUser: `arn:aws:iam::${HUB}:root`,
  })
  await expect(create('life')).rejects.toMatchObject({
    name: 'ApprovalRuleTemplateNameAlreadyExistsException',
  })
  await expect(create('broken', '{}')).rejects.toMatchObject({
    name: 'InvalidApprovalRuleTemplateContentException',
  })
  await expect(
    client.send(
      new UpdateApprovalRuleTemplateContentCommand({
        approvalRuleTemplateName: 'life',
        newRuleContent: content(2),
        existingRuleContentSha256: 'another',
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidRuleContentSha256Exception' })
  await client.send(
    new UpdateApprovalRuleTemplateContentCommand({
      approvalRuleTemplateName: 'life',
      newRuleContent: content(2),
      existingRuleContentSha256: made!.ruleContentSha256,
    }),
  )
  await client.send(
    new UpdateApprovalRuleTemplateDescriptionCommand({
      approvalRuleTemplateName: 'life',
      approvalRuleTemplateDescription: 'For life',
    }),
  )
  await client.send(
    new UpdateApprovalRuleTemplateNameCommand({
      oldApprovalRuleTemplateName: 'life',
      newApprovalRuleTemplateName: 'lives',
    }),
  )
  const { approvalRuleTemplate: now } = await client.send(
    new GetApprovalRuleTemplateCommand({ approvalRuleTemplateName: 'lives' }),
  )
  expect(now).toMatchObject({
    approvalRuleTemplateId: made!.approvalRuleTemplateId,
    approvalRuleTemplateDescription: 'For life',
    approvalRuleTemplateContent: content(2),
  })
  expect((await client.send(new ListApprovalRuleTemplatesCommand({}))).approvalRuleTemplateNames).toEqual([
    'lives',
  ])
  await client.send(new DeleteApprovalRuleTemplateCommand({ approvalRuleTemplateName: 'lives' }))
  await expect(
    client.send(new GetApprovalRuleTemplateCommand({ approvalRuleTemplateName: 'lives' })),
  ).rejects.toMatchObject({ name: 'ApprovalRuleTemplateDoesNotExistException' })
})

it('repositories have templates, one or several at a time', async () => {
  await create('shared')
  await associate('shared', 'one')
  const many = await client.send(
    new BatchAssociateApprovalRuleTemplateWithRepositoriesCommand({
      approvalRuleTemplateName: 'shared',
      repositoryNames: ['one', 'two', 'none'],
    }),
  )
  expect(many).toMatchObject({
    associatedRepositoryNames: ['one', 'two'],
    errors: [{ repositoryName: 'none', errorCode: 'RepositoryDoesNotExistException' }],
  })
  const listed = { approvalRuleTemplateName: 'shared' }
  expect(
    (await client.send(new ListRepositoriesForApprovalRuleTemplateCommand(listed))).repositoryNames,
  ).toEqual(names)
  await expect(client.send(new DeleteApprovalRuleTemplateCommand(listed))).rejects.toMatchObject({
    name: 'ApprovalRuleTemplateInUseException',
  })
  await client.send(
    new DisassociateApprovalRuleTemplateFromRepositoryCommand({ ...listed, repositoryName: 'one' }),
  )
  const { approvalRuleTemplateNames } = await client.send(
    new ListAssociatedApprovalRuleTemplatesForRepositoryCommand({ repositoryName: 'one' }),
  )
  expect(approvalRuleTemplateNames).toEqual([])
  await client.send(
    new BatchDisassociateApprovalRuleTemplateFromRepositoriesCommand({ ...listed, repositoryNames: ['two'] }),
  )
  await client.send(new DeleteApprovalRuleTemplateCommand(listed))
})

it('a pull request gets the rules for its destination, which are the template’s to change, or set aside', async () => {
  const { approvalRuleTemplate: made } = await create('releases', content(1, 'refs/heads/release*'))
  await create('all', content(1))
  await associate('releases', 'one')
  await associate('all', 'one')
  const rulesOf = async (destination: string) =>
    (await open('one', destination)).approvalRules?.map((one) => one.approvalRuleName)
  expect(await rulesOf('release-1')).toEqual(['all', 'releases'])
  const { pullRequestId, revisionId, approvalRules } = await open('one', 'main')
  expect(approvalRules).toMatchObject([
    { approvalRuleName: 'all', originApprovalRuleTemplate: { approvalRuleTemplateName: 'all' } },
  ])
  expect(made?.approvalRuleTemplateId).not.toBe(
    approvalRules?.[0]?.originApprovalRuleTemplate?.approvalRuleTemplateId,
  )

  const rule = { pullRequestId, approvalRuleName: 'all' }
  await expect(client.send(new DeletePullRequestApprovalRuleCommand(rule))).rejects.toMatchObject({
    name: 'CannotDeleteApprovalRuleFromTemplateException',
  })
  const change = { ...rule, newRuleContent: content(2) }
  await expect(client.send(new UpdatePullRequestApprovalRuleContentCommand(change))).rejects.toMatchObject({
    name: 'CannotModifyApprovalRuleFromTemplateException',
  })
  const own = { pullRequestId, approvalRuleName: 'own' }
  await client.send(new CreatePullRequestApprovalRuleCommand({ ...own, approvalRuleContent: content(3) }))
  const { approvalRule } = await client.send(
    new UpdatePullRequestApprovalRuleContentCommand({ ...own, newRuleContent: content(1) }),
  )
  expect(approvalRule?.approvalRuleContent).toBe(content(1))

  const merge = new MergePullRequestByFastForwardCommand({ pullRequestId, repositoryName: 'one' })
  await expect(client.send(merge)).rejects.toMatchObject({
    name: 'PullRequestApprovalRulesNotSatisfiedException',
  })
  const asked = { pullRequestId, revisionId }
  await client.send(new OverridePullRequestApprovalRulesCommand({ ...asked, overrideStatus: 'OVERRIDE' }))
  await expect(
    client.send(new OverridePullRequestApprovalRulesCommand({ ...asked, overrideStatus: 'OVERRIDE' })),
  ).rejects.toMatchObject({ name: 'OverrideAlreadySetException' })
  expect(await client.send(new GetPullRequestOverrideStateCommand(asked))).toMatchObject({
    overridden: true,
    overrider: `arn:aws:iam::${HUB}:root`,
  })
  const { evaluation } = await client.send(new EvaluatePullRequestApprovalRulesCommand(asked))
  expect(evaluation).toMatchObject({
    approved: true,
    overridden: true,
    approvalRulesNotSatisfied: ['all', 'own'],
  })
  await client.send(new OverridePullRequestApprovalRulesCommand({ ...asked, overrideStatus: 'REVOKE' }))
  await expect(client.send(merge)).rejects.toThrow(/not satisfied/)
  await client.send(new OverridePullRequestApprovalRulesCommand({ ...asked, overrideStatus: 'OVERRIDE' }))
  expect((await client.send(merge)).pullRequest?.pullRequestStatus).toBe('CLOSED')
  const { pullRequestEvents } = await client.send(new DescribePullRequestEventsCommand({ pullRequestId }))
  expect(pullRequestEvents?.map((one) => one.pullRequestEventType?.replace('PULL_REQUEST_', ''))).toEqual([
    'MERGE_STATE_CHANGED',
    ...Array(3).fill('APPROVAL_RULE_OVERRIDDEN'),
    'APPROVAL_RULE_UPDATED',
    'APPROVAL_RULE_CREATED',
    'CREATED',
  ])
  expect(pullRequestEvents?.[0]).toMatchObject({
    actorArn: `arn:aws:iam::${HUB}:root`,
    pullRequestMergedStateChangedEventMetadata: { mergeMetadata: { isMerged: true } },
  })
})
