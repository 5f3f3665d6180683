/** Pipelines that a stop of the cloud interrupted go on when it starts again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, describe, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop } from './workshop.ts'

const data = mkdtempSync(join(tmpdir(), 'crossdock-restart-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

describe('after a restart', () => {
  it('waits for the same approval and goes on behind it', async () => {
    const shop = await openWorkshop({ data })
    await shop.bucket('artifacts')
    await shop.bucket('drops')
    const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
      { Action: ['s3:*', 'codebuild:*'] },
    ])
    const build = await shop.role('build', 'codebuild.amazonaws.com', [{ Action: ['s3:*', 'logs:*'] }])
    await shop.client(CodeBuildClient).send(
      new CreateProjectCommand({
        name: 'slow',
        serviceRole: build,
        source: {
          type: 'CODEPIPELINE',
          buildspec: 'version: 0.2\nphases: {build: {commands: ["sleep 60"]}}\n',
        },
        artifacts: { type: 'CODEPIPELINE' },
        environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
      }),
    )
    const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
    await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
    const slow = action('Slow', ['Build', 'CodeBuild'], {
      inputArtifacts: [{ name: 'SourceOutput' }],
      configuration: { ProjectName: 'slow' },
    })
    const building = new Promise<void>((resolve) => {
      shop.cloud.bus.listen(({ source, detail }) => {
        if (source === 'aws.codebuild' && detail['build-status'] === 'IN_PROGRESS') resolve()
      })
    })
    const stages = [[s3Source('drops')], [approval('Approve'), slow]]
    await shop.codepipeline.send(
      new CreatePipelineCommand({ pipeline: pipelineOf('lasting', role, 'artifacts', stages) }),
    )
    await building
    const before = (await shop.state('lasting')).Stage1?.actions
    expect(before?.Approve?.token).toBeDefined()
    await shop.cloud.stop()

    const cloud = await startCloud({ data })
    const client = new CodePipelineClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
      maxAttempts: 1,
    })
    try {
      await cloud.settled()
      const { stageStates } = await client.send(new GetPipelineStateCommand({ name: 'lasting' }))
      const token = stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token
      expect(token).toBe(before?.Approve?.token)
      await client.send(
        new PutApprovalResultCommand({
          pipelineName: 'lasting',
          stageName: 'Stage1',
          actionName: 'Approve',
          token,
          result: { status: 'Approved', summary: '' },
        }),
      )
      await cloud.settled()
      const { actionExecutionDetails = [] } = await client.send(
        new ListActionExecutionsCommand({ pipelineName: 'lasting' }),
      )
      const statuses = actionExecutionDetails.map((one) => [one.actionName, one.status])
      // The build died with the cloud; the source, which had ended, did not run again.
      expect(statuses.sort()).toEqual([
        ['Approve', 'Succeeded'],
        ['Fetch', 'Succeeded'],
        ['Slow', 'Failed'],
      ])
    } finally {
      client.destroy()
      await cloud.stop()
    }
  })
})
