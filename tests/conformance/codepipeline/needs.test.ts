/** A whole pipeline over two accounts and regions, with roles that hold the pipeline's needs and nothing else. */

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryPushed } from '../../../src/cloud/kernel/service-events.ts'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds, type Surroundings } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { action } from './declarations.ts'
import { compare, grants } from './need-checks.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const PROD = '444444444444'
const OTHER = 'eu-west-1'
const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`
const PIPELINE = roleArn(HUB, 'hello-pipeline')
const BUILD = roleArn(HUB, 'hello-build')
const DEPLOY = roleArn(PROD, 'hello-deploy')
const STACK = roleArn(PROD, 'hello-stack')

const TEMPLATE = `
Parameters:
  CodeBucket: { Type: String }
  CodeKey: { Type: String }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: hello } }
Outputs:
  Code: { Value: !Sub "\${CodeBucket}/\${CodeKey}" }
`
const BUILDSPEC = `
version: 0.2
env: { exported-variables: [ANSWER] }
phases:
  build:
    commands:
      - export ANSWER=42
      - echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" > commit.txt
artifacts: { files: [template.yaml, commit.txt] }
`

let shop: Workshop
let keys: Record<string, string>
let connection: string
let commit: string
const folder = mkdtempSync(join(tmpdir(), 'crossdock-needs-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = promisify(execFile)
const git = async (...words: string[]): Promise<string> =>
  (await run('git', words, { cwd: folder })).stdout.trim()

/** Pushes a commit to the connected repository through git's own protocol. */
async function push(message: string, files: Record<string, string>): Promise<string> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  await git('add', '.')
  await git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', message)
  const url = new URL(`${shop.cloud.endpoint}/_codeconnections/example/hello.git`)
  url.username = HUB
  url.password = 'test'
  const told = new Promise<void>((resolve) => {
    const stop = shop.cloud.bus.on(repositoryPushed, () => {
      stop()
      resolve()
    })
  })
  await git('push', '--quiet', url.href, 'HEAD:main')
  await told
  return git('rev-parse', 'HEAD')
}

function declaration(): PipelineDeclaration {
  const store = (region: string) => ({
    type: 'S3' as const,
    location: `store-${region}`,
    encryptionKey: { id: keys[region]!, type: 'KMS' as const },
  })
  const deploy = (region: string, mode: string, runOrder: number) =>
    action(`${mode}-${region}`, ['Deploy', 'CloudFormation'], {
      region,
      roleArn: DEPLOY,
      runOrder,
      inputArtifacts: [{ name: 'BuildOutput' }],
      configuration: {
        ActionMode: mode,
        StackName: 'hello',
        RoleArn: STACK,
        TemplatePath: 'BuildOutput::template.yaml',
        ...(mode.startsWith('CHANGE_SET') && { ChangeSetName: 'change' }),
        ParameterOverrides: JSON.stringify({
          CodeBucket: { 'Fn::GetArtifactAtt': ['BuildOutput', 'BucketName'] },
          CodeKey: { 'Fn::GetArtifactAtt': ['BuildOutput', 'ObjectKey'] },
        }),
      },
    })
  return {
    name: 'hello',
    roleArn: PIPELINE,
    pipelineType: 'V2',
    artifactStores: { [REGION]: store(REGION), [OTHER]: store(OTHER) },
    stages: [
      {
        name: 'Source',
        actions: [
          action('Source', ['Source', 'CodeStarSourceConnection'], {
            namespace: 'Source',
            configuration: {
              ConnectionArn: connection,
              FullRepositoryId: 'example/hello',
              BranchName: 'main',
            },
            outputArtifacts: [{ name: 'SourceOutput' }],
          }),
        ],
      },
      {
        name: 'Build',
        actions: [
          action('Build', ['Build', 'CodeBuild'], {
            namespace: 'Build',
            configuration: { ProjectName: 'hello' },
            inputArtifacts: [{ name: 'SourceOutput' }],
            outputArtifacts: [{ name: 'BuildOutput' }],
          }),
        ],
      },
      {
        name: 'Prod',
        actions: [
          action('Approve', ['Approval', 'Manual'], {
            configuration: { CustomData: '#{Source.CommitMessage} #{Build.ANSWER}' },
          }),
          deploy(REGION, 'CREATE_UPDATE', 2),
          deploy(OTHER, 'CHANGE_SET_REPLACE', 2),
          deploy(OTHER, 'CHANGE_SET_EXECUTE', 3),
        ],
      },
    ],
  } as PipelineDeclaration
}

const surroundings = (): Surroundings => ({
  account: HUB,
  region: REGION,
  artifactBucketKeyArn: (region) => keys[region],
  project: (name, where) => ({
    ...where,
    name,
    serviceRole: BUILD,
    encryptionKey: keys[REGION],
    logGroup: `arn:aws:logs:${REGION}:${HUB}:log-group:/aws/codebuild/hello`,
  }),
})

beforeAll(async () => {
  shop = await openWorkshop()
  keys = { [REGION]: await shop.key(REGION, [PROD]), [OTHER]: await shop.key(OTHER, [PROD]) }
  await shop.bucket(`store-${REGION}`, REGION, [PROD])
  await shop.bucket(`store-${OTHER}`, OTHER, [PROD])
  const connections = shop.client(CodeStarConnectionsClient)
  const made = await connections.send(
    new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }),
  )
  connection = made.ConnectionArn!
  const needs = pipelineNeeds(declaration(), surroundings())
  await shop.role('hello-pipeline', 'codepipeline.amazonaws.com', grants(needs, PIPELINE))
  await shop.role('hello-build', 'codebuild.amazonaws.com', grants(needs, BUILD))
  await shop.role('hello-deploy', PIPELINE, grants(needs, DEPLOY), PROD)
  await shop.role(
    'hello-stack',
    'cloudformation.amazonaws.com',
    [{ Action: 'logs:*' }, ...grants(needs, STACK)],
    PROD,
  )
  await shop.client(CodeBuildClient).send(
    new CreateProjectCommand({
      name: 'hello',
      serviceRole: BUILD,
      encryptionKey: keys[REGION],
      source: { type: 'CODEPIPELINE', buildspec: 'buildspec.yml' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      },
    }),
  )
  await git('init', '--quiet', '--initial-branch=main')
  commit = await push('Say hello', { 'template.yaml': TEMPLATE, 'buildspec.yml': BUILDSPEC })
  shop.cloud.trail.clear()
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declaration() as never }))
  await shop.cloud.settled()
}, 60_000)

describe('a pipeline whose roles hold its needs only', () => {
  it('goes from commit to approval', async () => {
    const runs = await shop.runs('hello')
    expect(runs.map(({ action, status, error }) => ({ action, status, error }))).toEqual([
      { action: 'Source', status: 'Succeeded', error: undefined },
      { action: 'Build', status: 'Succeeded', error: undefined },
      { action: 'Approve', status: 'InProgress', error: undefined },
    ])
    expect(runs[0]?.variables).toMatchObject({
      CommitId: commit,
      CommitMessage: 'Say hello',
      BranchName: 'main',
    })
    expect(runs[1]?.variables).toEqual({ ANSWER: '42' })
  })

  it('deploys to two regions of another account after the approval', async () => {
    const { Prod } = await shop.state('hello')
    await shop.codepipeline.send(
      new PutApprovalResultCommand({
        pipelineName: 'hello',
        stageName: 'Prod',
        actionName: 'Approve',
        token: Prod?.actions.Approve?.token,
        result: { status: 'Approved', summary: '' },
      }),
    )
    await shop.cloud.settled()
    const runs = await shop.runs('hello')
    expect(runs.filter((run) => run.error)).toEqual([])
    for (const region of [REGION, OTHER]) {
      const client = shop.client(CloudFormationClient, { account: PROD, region })
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'hello' }))
      expect(Stacks?.[0]?.Outputs?.[0]?.OutputValue).toMatch(
        new RegExp(`^store-${region}/hello/BuildOutpu/[A-Za-z0-9]{7}$`),
      )
    }
  })

  it('used every need, and nothing else', () => {
    const needs = pipelineNeeds(declaration(), surroundings())
    const { ungranted, unused } = compare(needs, shop.cloud.trail.entries())
    expect(ungranted.filter((one) => !one.startsWith(`${STACK} logs:`))).toEqual([])
    // The template reads no code, and the first execution creates.
    expect(unused.filter((one) => !one.startsWith(STACK))).toEqual([
      `${DEPLOY} cloudformation:UpdateStack arn:aws:cloudformation:${REGION}:${PROD}:stack/hello/*`,
    ])
  })
})
