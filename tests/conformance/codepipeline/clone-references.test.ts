/** CODEBUILD_CLONE_REF: the build's project clones, whole and under its own role; nobody else can read the artifact. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { beforeAll, expect, it } from 'vitest'
import { environment } from '../codebuild/builder.ts'
import { action, pipelineOf } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const SPEC = `version: 0.2
env: { exported-variables: [COMMITS, HEAD] }
phases:
  build:
    commands:
      - export COMMITS="$(git log --format=%s | paste -sd,)"
      - export HEAD="$(git rev-parse --abbrev-ref HEAD) $(git rev-parse HEAD)"
`

let shop: Workshop
let connection: string
let pipelineRole: string

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('site')
  const { ConnectionArn } = await shop
    .client(CodeStarConnectionsClient)
    .send(new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }))
  connection = ConnectionArn!
  pipelineRole = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'codebuild:*', 'codestar-connections:UseConnection'] },
  ])
  const git = (folder: string, ...words: string[]) => promisify(execFile)('git', words, { cwd: folder })
  const folder = join(shop.cloud.folder, 'repositories', 'acme', 'app.git')
  await mkdir(folder, { recursive: true })
  await git(folder, 'init', '--bare', '--quiet', '--initial-branch=main')
  const work = join(shop.cloud.folder, 'work')
  await git(shop.cloud.folder, 'clone', '--quiet', folder, work)
  for (const [name, content] of [
    ['one', 'one'],
    ['buildspec.yml', SPEC],
  ] as const) {
    await writeFile(join(work, name), content)
    await git(work, 'add', '.')
    await git(work, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', name)
  }
  await git(work, 'push', '--quiet', 'origin', 'HEAD:main')
})

const source = () =>
  action('Commits', ['Source', 'CodeStarSourceConnection'], {
    configuration: {
      ConnectionArn: connection,
      FullRepositoryId: 'acme/app',
      BranchName: 'main',
      OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
    },
    outputArtifacts: [{ name: 'Src' }],
    namespace: 'Commits',
  })

/** Builds with a role that may use connections, or may not; gives the build's action. */
async function build(name: string, more: string[]) {
  const serviceRole = await shop.role(name, 'codebuild.amazonaws.com', [
    { Action: ['s3:*', 'logs:*', 'kms:*', ...more] },
  ])
  await shop.client(CodeBuildClient).send(
    new CreateProjectCommand({
      name,
      serviceRole,
      source: { type: 'CODEPIPELINE' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: environment(),
    }),
  )
  const make = action('Make', ['Build', 'CodeBuild'], {
    inputArtifacts: [{ name: 'Src' }],
    configuration: { ProjectName: name },
  })
  await shop.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: pipelineOf(name, pipelineRole, 'artifacts', [[source()], [make]]),
    }),
  )
  await shop.cloud.settled()
  const [commits, made] = await shop.runs(name)
  return { commits, made }
}

it('gives the build a clone with its history, on no branch', async () => {
  const { commits, made } = await build('granted', ['codestar-connections:UseConnection'])
  expect(made, made?.error?.message).toMatchObject({
    status: 'Succeeded',
    variables: { COMMITS: 'buildspec.yml,one', HEAD: `HEAD ${commits?.variables?.CommitId}` },
  })
})

it('asks the project’s role, not the pipeline’s', async () => {
  const { made } = await build('denied', [])
  expect(made?.status).toBe('Failed')
  expect(made?.error?.message).toMatch(
    /DOWNLOAD_SOURCE.*assumed-role\/denied\/.* is not authorized to perform: codestar-connections:UseConnection/s,
  )
})

it('is nothing for other actions', async () => {
  const copy = action('Copy', ['Deploy', 'S3'], {
    inputArtifacts: [{ name: 'Src' }],
    configuration: { BucketName: 'site', Extract: 'false', ObjectKey: 'app' },
  })
  const pipeline = pipelineOf('copied', pipelineRole, 'artifacts', [[source()], [copy]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  const [, made] = await shop.runs('copied')
  expect(made).toMatchObject({ status: 'Failed', error: { message: expect.stringMatching(/only/) } })
})
