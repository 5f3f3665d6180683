/** A build that a pipeline starts: who began it, what it was made from, several artifacts. */
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  ListBuildsCommand,
} from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { action, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'
import { environment } from './builder.ts'

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
