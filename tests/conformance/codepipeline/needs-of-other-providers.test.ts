/** S3 source, approval with a notification, Lambda and S3 deployment, under roles that hold their needs only. */
import { createRequire } from 'node:module'
import { CreatePipelineCommand, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds, type Surroundings } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { compare, grants } from './need-checks.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const ROLE = `arn:aws:iam::${HUB}:role/site-pipeline`
const FUNCTION_ROLE = `arn:aws:iam::${HUB}:role/checker`
const inputArtifacts = [{ name: 'SourceOutput' }]

let shop: Workshop
let pipeline: PipelineDeclaration
let surroundings: Surroundings

beforeAll(async () => {
  shop = await openWorkshop()
  const key = await shop.key()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  await shop.bucket('site')
  const { TopicArn } = await shop.client(SNSClient).send(new CreateTopicCommand({ Name: 'approvals' }))
  surroundings = {
    account: HUB,
    region: REGION,
    artifactBucketKeyArn: () => key,
    project: () => undefined,
    functionRole: () => FUNCTION_ROLE,
  }
  const declared = pipelineOf('site', ROLE, 'artifacts', [
    [s3Source('drops')],
    [approval('Approve', { configuration: { NotificationArn: TopicArn!, CustomData: 'please' } })],
    [
      action('Check', ['Invoke', 'Lambda'], { inputArtifacts, configuration: { FunctionName: 'checker' } }),
      action('Copy', ['Deploy', 'S3'], {
        runOrder: 2,
        inputArtifacts,
        configuration: { BucketName: 'site', Extract: 'true', CannedACL: 'bucket-owner-full-control' },
      }),
    ],
  ])
  const artifactStore = { type: 'S3', location: 'artifacts', encryptionKey: { id: key, type: 'KMS' } }
  pipeline = { ...declared, artifactStore } as PipelineDeclaration
  const needs = pipelineNeeds(pipeline, surroundings)
  await shop.role('site-pipeline', 'codepipeline.amazonaws.com', grants(needs, ROLE))
  await shop.role('checker', 'lambda.amazonaws.com', [{ Action: 'logs:*' }, ...grants(needs, FUNCTION_ROLE)])
  const sdk = createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline')
  const code = `
const { CodePipelineClient, PutJobSuccessResultCommand } = require(${JSON.stringify(sdk)})
exports.handler = (event) =>
  new CodePipelineClient({}).send(new PutJobSuccessResultCommand({ jobId: event['CodePipeline.job'].id }))`
  await shop.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'checker',
      Role: FUNCTION_ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: await pack([{ name: 'index.js', content: Buffer.from(code) }]) },
    }),
  )
  const Body = await pack([{ name: 'index.html', content: Buffer.from('<p>') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  shop.cloud.trail.clear()
})

it('runs with its needs, and has no other calls', async () => {
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: pipeline as never }))
  await shop.cloud.settled()
  const token = (await shop.state('site')).Stage1?.actions.Approve?.token
  await shop.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: 'site',
      stageName: 'Stage1',
      actionName: 'Approve',
      token,
      result: { status: 'Approved', summary: '' },
    }),
  )
  await shop.cloud.settled()
  const runs = await shop.runs('site')
  expect(runs.map((run) => [run.action, run.status, run.error?.message])).toEqual([
    ['Fetch', 'Succeeded', undefined],
    ['Approve', 'Succeeded', undefined],
    ['Check', 'Succeeded', undefined],
    ['Copy', 'Succeeded', undefined],
  ])
  const { ungranted, unused } = compare(pipelineNeeds(pipeline, surroundings), shop.cloud.trail.entries())
  expect(ungranted.filter((one) => !one.startsWith(`${FUNCTION_ROLE} logs:`))).toEqual([])
  expect(unused).toEqual([])
})
