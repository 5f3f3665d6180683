/** Repositories as sources of pipelines: polled, by a rule, in another account; with what the needs say and no more. */
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import {
  CodeCommitClient,
  CreateCommitCommand,
  CreateRepositoryCommand,
  GetBranchCommand,
  PutFileCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { expect, it } from 'vitest'
import { DEV, HUB } from '../cloud.ts'
import { buildspec, environment } from '../codebuild/builder.ts'
import { action, approval, pipelineOf } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'

const shop = await openWorkshop()
await shop.bucket('artifacts', 'us-east-1', [DEV])

const ACTIONS = ['GetBranch', 'GetCommit', 'UploadArchive', 'GetUploadArchiveStatus'].map(
  (one) => `codecommit:${one}`,
)
const put = { Action: 's3:*', Resource: ['arn:aws:s3:::artifacts', 'arn:aws:s3:::artifacts/*'] }
const reads = (account: string, name: string, actions = ACTIONS) => ({
  Action: actions,
  Resource: `arn:aws:codecommit:us-east-1:${account}:${name}`,
})

const source = (RepositoryName: string, more: Record<string, string> = {}, roleArn?: string) =>
  action('Fetch', ['Source', 'CodeCommit'], {
    configuration: { RepositoryName, BranchName: 'main', ...more },
    outputArtifacts: [{ name: 'SourceOutput' }],
    namespace: 'Fetched',
    ...(roleArn && { roleArn }),
  })

async function filled(repositoryName: string, account = HUB): Promise<string> {
  const commits = shop.client(CodeCommitClient, { account })
  await commits.send(new CreateRepositoryCommand({ repositoryName }))
  const putFiles = [{ filePath: 'readme.txt', fileContent: Buffer.from('one') }]
  const { commitId } = await commits.send(
    new CreateCommitCommand({ repositoryName, branchName: 'main', putFiles, commitMessage: 'First\n' }),
  )
  return commitId!
}

async function change(repositoryName: string, account = HUB, content = 'two'): Promise<string> {
  const commits = shop.client(CodeCommitClient, { account })
  const { branch } = await commits.send(new GetBranchCommand({ repositoryName, branchName: 'main' }))
  const { commitId } = await commits.send(
    new PutFileCommand({
      repositoryName,
      branchName: 'main',
      filePath: 'readme.txt',
      fileContent: Buffer.from(content),
      parentCommitId: branch!.commitId,
      commitMessage: 'Another',
    }),
  )
  await shop.cloud.settled()
  return commitId!
}

async function create(name: string, roleArn: string, fetch: ReturnType<typeof source>): Promise<void> {
  const pipeline = pipelineOf(name, roleArn, 'artifacts', [[fetch], [approval()]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
}

const executions = async (pipelineName: string) =>
  (await shop.codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName })))
    .pipelineExecutionSummaries ?? []

it('a new commit starts a pipeline that polls, which gets its files', async () => {
  await filled('polled')
  const role = await shop.role('polling', 'codepipeline.amazonaws.com', [reads(HUB, 'polled'), put])
  await create('polling', role, source('polled'))
  const commit = await change('polled')
  const [newest] = await executions('polling')
  expect(newest?.trigger).toEqual({ triggerType: 'PollForSourceChanges', triggerDetail: 'Fetch' })
  expect(newest?.sourceRevisions).toMatchObject([{ revisionId: commit, revisionSummary: 'Another' }])
  expect(newest?.status).toBe('InProgress')
})

it('one that does not poll is started by a rule, once', async () => {
  const name = 'ruled'
  await filled(name)
  const role = await shop.role('ruled', 'codepipeline.amazonaws.com', [reads(HUB, name), put])
  await create(name, role, source(name, { PollForSourceChanges: 'false' }))
  const before = (await executions(name)).length
  const starter = await shop.role('starter', 'events.amazonaws.com', [
    { Action: 'codepipeline:StartPipelineExecution' },
  ])
  const events = shop.client(EventBridgeClient)
  const EventPattern = JSON.stringify({
    source: ['aws.codecommit'],
    'detail-type': ['CodeCommit Repository State Change'],
    resources: [`arn:aws:codecommit:us-east-1:${HUB}:${name}`],
    detail: {
      event: ['referenceCreated', 'referenceUpdated'],
      referenceType: ['branch'],
      referenceName: ['main'],
    },
  })
  await events.send(new PutRuleCommand({ Name: 'on-push', EventPattern }))
  const Arn = `arn:aws:codepipeline:us-east-1:${HUB}:${name}`
  await events.send(new PutTargetsCommand({ Rule: 'on-push', Targets: [{ Id: 'p', Arn, RoleArn: starter }] }))
  const commit = await change(name)
  const all = await executions(name)
  expect(all.length).toBe(before + 1)
  expect(all[0]?.sourceRevisions).toMatchObject([{ revisionId: commit }])
})

it('a repository of another account is read as the role there', async () => {
  await filled('theirs', DEV)
  const reader = await shop.role('reader', `arn:aws:iam::${HUB}:root`, [reads(DEV, 'theirs'), put], DEV)
  const role = await shop.role('assuming', 'codepipeline.amazonaws.com', [
    put,
    { Action: 'sts:AssumeRole', Resource: reader },
  ])
  await create('across', role, source('theirs', {}, reader))
  const commit = await change('theirs', DEV)
  const [newest] = await executions('across')
  expect(newest).toMatchObject({ status: 'InProgress', sourceRevisions: [{ revisionId: commit }] })
})

it('a commit that an execution is started for is fetched, and nothing without permission', async () => {
  const first = await filled('exact')
  const role = await shop.role('exact', 'codepipeline.amazonaws.com', [reads(HUB, 'exact'), put])
  await create('exact', role, source('exact', { PollForSourceChanges: 'false' }))
  await change('exact')
  await shop.codepipeline.send(
    new StartPipelineExecutionCommand({
      name: 'exact',
      sourceRevisions: [{ actionName: 'Fetch', revisionType: 'COMMIT_ID', revisionValue: first }],
    }),
  )
  await shop.cloud.settled()
  expect((await executions('exact'))[0]?.sourceRevisions).toMatchObject([{ revisionId: first }])

  const actions = ACTIONS.filter((one) => one !== 'codecommit:UploadArchive')
  const less = await shop.role('less', 'codepipeline.amazonaws.com', [reads(HUB, 'exact', actions), put])
  await create('less', less, source('exact'))
  await shop.cloud.settled()
  const [run] = await shop.runs('less')
  expect(run?.error?.message).toContain('not authorized to perform: codecommit:UploadArchive')
})

it('a full clone is the build’s: it has the history, and its own role pulls', async () => {
  const name = 'cloned'
  const repository = `arn:aws:codecommit:us-east-1:${HUB}:${name}`
  await filled(name)
  const head = await change(name)
  const pull = { Action: 'codecommit:GitPull', Resource: repository }
  const refers = ['GetBranch', 'GetCommit', 'GetRepository'].map((one) => `codecommit:${one}`)
  const role = await shop.role('referring', 'codepipeline.amazonaws.com', [
    reads(HUB, name, refers),
    put,
    { Action: 'codebuild:*' },
  ])
  const works = [put, { Action: ['logs:*', 'kms:*'] }]
  const codebuild = shop.client(CodeBuildClient)
  const make = (project: string, serviceRole: string) =>
    codebuild.send(
      new CreateProjectCommand({
        name: project,
        serviceRole,
        source: {
          type: 'CODEPIPELINE',
          buildspec: buildspec(
            { build: ['export HISTORY=$(git rev-list --count HEAD) HEAD=$(git rev-parse HEAD)'] },
            { env: { 'exported-variables': ['HISTORY', 'HEAD'] } },
          ),
        },
        artifacts: { type: 'CODEPIPELINE' },
        environment: environment(),
      }),
    )
  await make('pulls', await shop.role('pulls', 'codebuild.amazonaws.com', [...works, pull]))
  await make('may-not', await shop.role('may-not', 'codebuild.amazonaws.com', works))
  const fetch = source(name, { OutputArtifactFormat: 'CODEBUILD_CLONE_REF', PollForSourceChanges: 'false' })
  const build = (ProjectName: string) =>
    action('Make', ['Build', 'CodeBuild'], {
      inputArtifacts: [{ name: 'SourceOutput' }],
      configuration: { ProjectName },
    })
  for (const project of ['pulls', 'may-not']) {
    const pipeline = pipelineOf(`full-${project}`, role, 'artifacts', [[fetch], [build(project)]])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  }
  await shop.cloud.settled()
  const [made, failed] = await Promise.all(
    ['pulls', 'may-not'].map(async (one) =>
      (await shop.runs(`full-${one}`)).find(({ action: own }) => own === 'Make'),
    ),
  )
  expect(made, made?.error?.message).toMatchObject({
    status: 'Succeeded',
    variables: { HISTORY: '2', HEAD: head },
  })
  expect(failed?.error?.message).toContain(
    `not authorized to perform: codecommit:GitPull on resource: ${repository}`,
  )
})
