/** CodePipeline as the aws CLI and boto3 use it; skipped where they are not installed. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { type CommandLine, commandLine, hasBoto3, hasCli } from '../command-line.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
let line: CommandLine

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  line = commandLine(shop.cloud, REGION)
})

async function aws(...words: string[]) {
  const stdout = await line.aws('codepipeline', ...words, '--output', 'json')
  return stdout.trim() ? JSON.parse(stdout) : undefined
}

describe.skipIf(!hasCli)('aws codepipeline (skipped: the aws CLI is not installed)', () => {
  it('creates from a file, starts, approves, lists and deletes', async () => {
    const pipeline = pipelineOf('cli', role, 'artifacts', [[s3Source('drops')], [approval()]])
    writeFileSync(join(line.folder, 'pipeline.json'), JSON.stringify({ pipeline }))
    const made = await aws('create-pipeline', '--cli-input-json', 'file://pipeline.json')
    expect(made.pipeline.version).toBe(1)
    await shop.cloud.settled()
    const state = await aws('get-pipeline-state', '--name', 'cli')
    const { token } = state.stageStates[1].actionStates[0].latestExecution
    const target = ['--pipeline-name', 'cli', '--stage-name', 'Stage1', '--action-name', 'Approve']
    await aws('put-approval-result', ...target, '--token', token, '--result', 'summary=fine,status=Approved')
    const started = await aws('start-pipeline-execution', '--name', 'cli')
    await shop.cloud.settled()
    const { pipelineExecutionSummaries: executions } = await aws(
      'list-pipeline-executions',
      '--pipeline-name',
      'cli',
    )
    expect(executions.map((one: { status: string }) => one.status)).toEqual(['InProgress', 'Succeeded'])
    expect(executions[0].pipelineExecutionId).toBe(started.pipelineExecutionId)
    const { actionExecutionDetails: runs } = await aws('list-action-executions', '--pipeline-name', 'cli')
    expect(runs).toHaveLength(4)
    await aws('delete-pipeline', '--name', 'cli')
    expect((await aws('list-pipelines')).pipelines).toEqual([])
  }, 60_000)
})

describe.skipIf(!hasBoto3)('boto3 (skipped: boto3 is not installed)', () => {
  it('reads modelled errors', async () => {
    const script = `
import boto3
client = boto3.client('codepipeline')
try:
    client.get_pipeline(name='nothing')
except client.exceptions.PipelineNotFoundException as error:
    print(error.response['Error']['Message'])
`
    const stdout = await line.python(script)
    expect(stdout.trim()).toBe(`Account '${HUB}' does not have a pipeline with name 'nothing'`)
  }, 60_000)
})
