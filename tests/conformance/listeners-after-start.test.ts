/** Services that listen on behalf of their records are there after a start, before anybody has called them. */
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  CreateWebhookCommand,
  ListBuildsForProjectCommand,
} from '@aws-sdk/client-codebuild'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, it } from 'vitest'
import { buildspec, environment } from './codebuild/builder.ts'
import { addressed, gitClient } from './codecommit/git-client.ts'
import { approval, pipelineOf, s3Source } from './codepipeline/declarations.ts'
import { openWorkshop } from './codepipeline/workshop.ts'
import { newFolder, startOnCopy } from './interrupted.ts'

it('a rule and a pipeline that a folder holds hear of the first change', async () => {
  const shop = await openWorkshop({ data: newFolder() })
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  const polled = s3Source('drops', { configuration: { S3Bucket: 'drops', S3ObjectKey: 'app.zip' } })
  const pipeline = pipelineOf('p', role, 'artifacts', [[polled], [approval()]])
  await shop.client(CodePipelineClient).send(new CreatePipelineCommand({ pipeline }))
  const events = shop.client(EventBridgeClient)
  const { TopicArn: Arn } = await shop.client(SNSClient).send(new CreateTopicCommand({ Name: 't' }))
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["aws.ssm"]}' }))
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn }] }))
  await shop.cloud.settled()

  const next = await startOnCopy(shop.cloud)
  await next.client(SSMClient).send(new PutParameterCommand({ Name: 'p', Value: 'v', Type: 'String' }))
  const put = new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: 'new' })
  await next.client(S3Client, { forcePathStyle: true }).send(put)
  await next.cloud.settled()

  expect(next.cloud.trail.entries().map(({ action }) => action)).toContain('sns:Publish')
  const { pipelineExecutionSummaries = [] } = await next
    .client(CodePipelineClient)
    .send(new ListPipelineExecutionsCommand({ pipelineName: 'p' }))
  expect(pipelineExecutionSummaries.map(({ trigger }) => trigger?.triggerType)).toContain(
    'PollForSourceChanges',
  )
})

it('a webhook that a folder holds hears of the first push', async () => {
  const shop = await openWorkshop({ data: newFolder() })
  const serviceRole = await shop.role('builder', 'codebuild.amazonaws.com', [{ Action: 'logs:*' }])
  const codebuild = shop.client(CodeBuildClient)
  await codebuild.send(
    new CreateProjectCommand({
      name: 'hooked',
      serviceRole,
      source: {
        type: 'GITHUB',
        location: 'https://github.com/team/app',
        buildspec: buildspec({ build: ['true'] }),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: environment(),
    }),
  )
  await codebuild.send(new CreateWebhookCommand({ projectName: 'hooked' }))
  await shop.cloud.settled()

  const next = await startOnCopy(shop.cloud)
  const work = await gitClient()
  const head = await work.commit({ 'a.txt': 'one' })
  await work.git('push', '--quiet', addressed(`${next.cloud.endpoint}/_codeconnections/team/app.git`), 'main')
  await next.cloud.settled()
  const client = next.client(CodeBuildClient)
  const { ids = [] } = await client.send(new ListBuildsForProjectCommand({ projectName: 'hooked' }))
  const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids }))
  expect(builds.map((one) => [one.buildStatus, one.resolvedSourceVersion])).toEqual([['SUCCEEDED', head]])
})
