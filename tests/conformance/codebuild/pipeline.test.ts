/** A build that a pipeline starts: who began it, what it was made from, several artifacts. */
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  ListBuildsCommand,
} from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { open, pack } from '../../../src/cloud/machine/archive.ts'
import { action, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'
import { environment } from './builder.ts'

const allows = (...Action: string[]) => [{ Action }]

it('names the pipeline as initiator, and gives its revision, variables and artifacts', async () => {
  const shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'codebuild:*'] },
  ])
  const serviceRole = await shop.role('build', 'codebuild.amazonaws.com', [
    { Action: ['s3:*', 'logs:*', 'kms:*'] },
  ])
  const spec = {
    version: 0.2,
    env: { 'exported-variables': ['INITIATOR', 'REVISION', 'SOURCE'] },
    phases: {
      build: {
        commands: [
          'INITIATOR=$CODEBUILD_INITIATOR REVISION=$CODEBUILD_RESOLVED_SOURCE_VERSION',
          'export INITIATOR REVISION SOURCE=$CODEBUILD_SOURCE_VERSION; echo one > one; echo two > two',
        ],
      },
    },
    artifacts: { 'secondary-artifacts': { One: { files: ['one'] }, Two: { files: ['two'] } } },
  }
  const codebuild = shop.client(CodeBuildClient)
  await codebuild.send(
    new CreateProjectCommand({
      name: 'made',
      serviceRole,
      source: { type: 'CODEPIPELINE' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: environment(),
    }),
  )
  const Body = await pack([{ name: 'buildspec.yml', content: Buffer.from(JSON.stringify(spec)) }])
  const { VersionId } = await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const build = action('Make', ['Build', 'CodeBuild'], {
    inputArtifacts: [{ name: 'SourceOutput' }],
    outputArtifacts: [{ name: 'One' }, { name: 'Two' }],
    configuration: { ProjectName: 'made' },
  })
  const pipeline = pipelineOf('web', role, 'artifacts', [[s3Source('drops')], [build]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  const run = (await shop.runs('web')).find((one) => one.action === 'Make')!
  expect(run, run.error?.message).toMatchObject({ status: 'Succeeded', outputs: ['One', 'Two'] })
  expect(run.variables).toEqual({
    INITIATOR: 'codepipeline/web',
    REVISION: VersionId,
    SOURCE: expect.stringMatching(/^arn:aws:s3:::artifacts\/web\/SourceOutp\//),
  })
  const { ids } = await codebuild.send(new ListBuildsCommand({}))
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: ids! }))
  expect(builds![0]).toMatchObject({ initiator: 'codepipeline/web', resolvedSourceVersion: VersionId })
})

async function openBatches(artifacts: object) {
  const shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const role = await shop.role(
    'pipeline',
    'codepipeline.amazonaws.com',
    allows('s3:*', 'codebuild:*', 'iam:PassRole'),
  )
  const builds = 'codebuild.amazonaws.com'
  const serviceRole = await shop.role('build', builds, allows('s3:*', 'logs:*', 'kms:*'))
  const batchRole = await shop.role('batch', builds, allows('codebuild:StartBuild'))
  const other = await shop.role('other', builds, allows('s3:*', 'logs:*', 'kms:*'))
  await shop.client(CodeBuildClient).send(
    new CreateProjectCommand({
      name: 'made',
      serviceRole,
      source: { type: 'CODEPIPELINE' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: environment(),
      buildBatchConfig: { serviceRole: batchRole },
    }),
  )
  const spec = {
    version: 0.2,
    batch: { 'build-list': [{ identifier: 'build1' }, { identifier: 'build2' }] },
    phases: { build: { commands: ['echo file > "$CODEBUILD_BATCH_BUILD_IDENTIFIER"', 'echo more > more'] } },
    artifacts,
  }
  const Body = await pack([{ name: 'buildspec.yml', content: Buffer.from(JSON.stringify(spec)) }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const run = async (outputs: string[], configuration: Record<string, string>) => {
    const build = action('Make', ['Build', 'CodeBuild'], {
      inputArtifacts: [{ name: 'SourceOutput' }],
      outputArtifacts: outputs.map((name) => ({ name })),
      configuration: { ProjectName: 'made', ...configuration },
    })
    const pipeline = pipelineOf('web', role, 'artifacts', [[s3Source('drops')], [build]])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    await shop.cloud.settled()
    return (await shop.runs('web')).find((one) => one.action === 'Make')!
  }
  /** Names of the files of each zip whose key has the output's name in it. */
  const packed = async (output: string): Promise<string[]> => {
    const { Contents = [] } = await shop.s3.send(new ListObjectsV2Command({ Bucket: 'artifacts' }))
    const Key = Contents.map((one) => one.Key!).find(
      (key) => key.split('/').length === 3 && key.includes(`/${output.slice(0, 10)}/`),
    )
    const { Body: body } = await shop.s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key }))
    return [...(await open(await body!.transformToByteArray())).keys()].sort()
  }
  return { run, packed, other, shop }
}

it('runs a batch, whose outputs are named for its builds and their artifacts', async () => {
  const { run, packed } = await openBatches({
    files: 'build*',
    'secondary-artifacts': { extra: { files: 'more' } },
  })
  const made = await run(['build1', 'build2_extra'], { BatchEnabled: 'true' })
  expect(made, made.error?.message).toMatchObject({ status: 'Succeeded' })
  expect(await packed('build1')).toEqual(['build1', 'buildspec.yml'])
  expect(await packed('build2_extra')).toEqual(['more'])
})

it('combines what the builds of a batch made', async () => {
  const { run, packed } = await openBatches({ files: 'build*' })
  const made = await run(['All'], { BatchEnabled: 'true', CombineArtifacts: 'true' })
  expect(made, made.error?.message).toMatchObject({ status: 'Succeeded' })
  expect(await packed('All')).toEqual(['build1', 'build2', 'buildspec.yml'])
})

it('gives a build another buildspec and another role', async () => {
  const { run, other, shop } = await openBatches({ files: 'build*' })
  const BuildspecOverride = '{version: 0.2, phases: {build: {commands: [echo other]}}}'
  const made = await run([], { BuildspecOverride, ServiceRoleArnOverride: other })
  expect(made, made.error?.message).toMatchObject({ status: 'Succeeded' })
  const codebuild = shop.client(CodeBuildClient)
  const { ids } = await codebuild.send(new ListBuildsCommand({}))
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: ids! }))
  expect(builds).toMatchObject([{ serviceRole: other, source: { buildspec: BuildspecOverride } }])
})
