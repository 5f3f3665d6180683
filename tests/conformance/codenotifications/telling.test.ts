/** Notification rules tell topics of pipelines, builds and repositories, where the topics' policies let the service in. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodeBuildClient, CreateProjectCommand, StartBuildCommand } from '@aws-sdk/client-codebuild'
import {
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreatePullRequestCommand,
  CreateRepositoryCommand,
  OverridePullRequestApprovalRulesCommand,
  PostCommentForComparedCommitCommand,
  PostCommentForPullRequestCommand,
} from '@aws-sdk/client-codecommit'
import {
  CreatePipelineCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { NOTICE_SERVICE } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'
import { modelledClient } from '../modelled-client.ts'

const shop = await openWorkshop()
const sns = shop.client(SNSClient)
const notices = modelledClient(shop, 'codestar-notifications')

interface Told {
  readonly source: string
  readonly detailType: string
  readonly notificationRuleArn: string
  readonly detail: Record<string, unknown>
  readonly resources: string[]
  readonly additionalAttributes: Record<string, unknown>
}

interface Letter {
  readonly Type: string
  readonly TopicArn: string
  readonly Message: string
  readonly SubscribeURL: string
}

function letters(): Letter[] {
  const folder = join(shop.cloud.folder, 'outbox')
  return readdirSync(folder).map((file) => {
    const letter = readFileSync(join(folder, file), 'utf8')
    return JSON.parse(letter.slice(letter.indexOf('\r\n\r\n')))
  })
}

/** A topic with a letter box; the policy lets the service in unless told otherwise. */
async function topicOf(Name: string, Condition?: object): Promise<string> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email-json', Endpoint: `${Name}@example.com` }))
  await shop.cloud.settled()
  const asked = letters().find((one) => one.TopicArn === TopicArn)
  expect((await fetch(asked!.SubscribeURL)).status).toBe(200)
  const Statement = [
    {
      ...{ Effect: 'Allow', Principal: { Service: NOTICE_SERVICE } },
      ...{ Action: 'sns:Publish', Resource: TopicArn, ...(Condition && { Condition }) },
    },
  ]
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement })
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
  return TopicArn
}

/** What came to a topic, in no order. */
async function told(TopicArn: string): Promise<Told[]> {
  await shop.cloud.settled()
  return letters()
    .filter((one) => one.TopicArn === TopicArn && one.Type === 'Notification')
    .map(({ Message }) => JSON.parse(Message) as Told)
}

async function rule(Name: string, Resource: string, EventTypeIds: string[], more: object): Promise<string> {
  const given = { Name, Resource, EventTypeIds, DetailType: 'BASIC', ...more }
  return (await notices.call<{ Arn: string }>('CreateNotificationRule', given)).Arn
}
const to = (TargetAddress: string) => ({ Targets: [{ TargetType: 'SNS', TargetAddress }] })
const arnOf = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${HUB}:${resource}`

await shop.bucket('artifacts')
await shop.bucket('drops')
const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])

async function pipeline(name: string, key = 'app.zip'): Promise<string> {
  const source = s3Source('drops')
  const configuration = { ...source.configuration, S3ObjectKey: key, PollForSourceChanges: 'false' }
  const declared = pipelineOf(name, role, 'artifacts', [[{ ...source, configuration }], [approval()]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declared }))
  await shop.cloud.settled()
  return arnOf('codepipeline', name)
}

const start = async (name: string): Promise<void> => {
  await shop.codepipeline.send(new StartPipelineExecutionCommand({ name }))
  await shop.cloud.settled()
}

async function answer(pipelineName: string, status: 'Approved' | 'Rejected'): Promise<void> {
  const [stageName, { actions }] = Object.entries(await shop.state(pipelineName))[1]!
  const [actionName, { token } = {}] = Object.entries(actions)[0]!
  const result = { status, summary: 'because' }
  await shop.codepipeline.send(
    new PutApprovalResultCommand({ ...{ pipelineName, stageName, actionName, token }, result }),
  )
  await shop.cloud.settled()
}

it('tells of executions and approvals, with what failed where all details are asked for', async () => {
  const resource = await pipeline('approved')
  const topic = await topicOf('all')
  const basic = await topicOf('basic')
  const ids = [
    'codepipeline-pipeline-pipeline-execution-started',
    'codepipeline-pipeline-pipeline-execution-failed',
    'codepipeline-pipeline-manual-approval-needed',
    'codepipeline-pipeline-manual-approval-failed',
  ]
  await answer('approved', 'Approved')
  const arn = await rule('all', resource, ids, { DetailType: 'FULL', ...to(topic) })
  await rule('some', resource, ids.slice(1, 2), to(basic))
  await start('approved')
  await answer('approved', 'Rejected')
  const news = await told(topic)
  expect(news.map(({ detail }) => [detail.action ?? 'pipeline', detail.state].join(' ')).sort()).toEqual([
    'Approve FAILED',
    'Approve STARTED',
    'pipeline FAILED',
    'pipeline STARTED',
  ])
  const end = news.find(({ detail }) => detail.state === 'FAILED' && !detail.action)
  expect(end).toMatchObject({
    ...{ source: 'aws.codepipeline', account: HUB, region: 'us-east-1' },
    ...{ notificationRuleArn: arn, resources: [resource] },
    additionalAttributes: {
      failedActionCount: 1,
      failedActions: [{ additionalInformation: expect.stringContaining('because') }],
    },
  })
  const others = news.filter((one) => one !== end)
  expect(others.map((one) => one.additionalAttributes)).toEqual([{}, {}, {}])
  const [failed, ...more] = await told(basic)
  expect(failed).toMatchObject({ detail: { state: 'FAILED' }, additionalAttributes: {} })
  expect(more).toEqual([])
  expect(
    await notices.call('ListTargets', { Filters: [{ Name: 'TARGET_STATUS', Value: 'ACTIVE' }] }),
  ).toEqual({
    Targets: [topic, basic].map((TargetAddress) => ({
      ...{ TargetAddress, TargetType: 'SNS', TargetStatus: 'ACTIVE' },
    })),
  })
})

it('tells nothing that is disabled, deleted, or that the topic does not let in', async () => {
  const resource = await pipeline('quiet')
  const ids = ['codepipeline-pipeline-pipeline-execution-started']
  const open = await topicOf('open')
  const closed = await topicOf('closed', { StringEquals: { 'aws:SourceAccount': '999999999999' } })
  const disabled = await rule('disabled', resource, ids, { Status: 'DISABLED', ...to(open) })
  await rule('closed', resource, ids, to(closed))
  await start('quiet')
  expect(await told(open)).toEqual([])
  expect(await told(closed)).toEqual([])
  const denied = shop.cloud.trail.entries().findLast((one) => one.action === 'sns:Publish')
  expect(denied).toMatchObject({ principal: NOTICE_SERVICE, decision: { effect: 'implicitDeny' } })
  expect(
    await notices.call('ListTargets', { Filters: [{ Name: 'TARGET_ADDRESS', Value: closed }] }),
  ).toMatchObject({ Targets: [{ TargetStatus: 'UNREACHABLE' }] })
  await notices.call('UpdateNotificationRule', { Arn: disabled, Status: 'ENABLED' })
  await start('quiet')
  expect(await told(open)).toHaveLength(1)
  await notices.call('DeleteNotificationRule', { Arn: disabled })
  await start('quiet')
  expect(await told(open)).toHaveLength(1)
})

it('tells of builds and their phases', async () => {
  const topic = await topicOf('builds')
  const builder = await shop.role('builder', 'codebuild.amazonaws.com', [{ Action: 'logs:*' }])
  const codebuild = shop.client(CodeBuildClient)
  await codebuild.send(
    new CreateProjectCommand({
      name: 'built',
      serviceRole: builder,
      source: { type: 'NO_SOURCE', buildspec: 'version: 0.2\nphases: { build: { commands: ["false"] } }' },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      },
    }),
  )
  const ids = ['state-failed', 'state-in-progress', 'phase-failure'].map(
    (end) => `codebuild-project-build-${end}`,
  )
  await rule('builds', arnOf('codebuild', 'project/built'), ids, to(topic))
  await codebuild.send(new StartBuildCommand({ projectName: 'built' }))
  const news = (await told(topic)).map(({ detail }) =>
    [detail['build-status'] ?? detail['completed-phase'], detail['completed-phase-status']].join(' '),
  )
  expect(news.sort()).toEqual(['BUILD FAILED', 'FAILED ', 'IN_PROGRESS '])
})

it('tells of branches, pull requests, approvals and comments', async () => {
  const topic = await topicOf('commits')
  const client = shop.client(CodeCommitClient)
  const repositoryName = 'talked'
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const ids = [
    'branches-and-tags-created',
    'branches-and-tags-updated',
    'pull-request-created',
    'approvals-rule-override',
    'comments-on-commits',
    'comments-on-pull-requests',
  ].map((end) => `codecommit-repository-${end}`)
  await rule('commits', arnOf('codecommit', repositoryName), ids, to(topic))
  const commit = async (branchName: string, filePath: string, parentCommitId?: string) => {
    const putFiles = [{ filePath, fileContent: Buffer.from(filePath) }]
    const given = { repositoryName, branchName, parentCommitId, putFiles }
    return (await client.send(new CreateCommitCommand(given))).commitId!
  }
  const base = await commit('main', 'a')
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'work', commitId: base }))
  const work = await commit('work', 'b', base)
  const { pullRequest } = await client.send(
    new CreatePullRequestCommand({ title: 'T', targets: [{ repositoryName, sourceReference: 'work' }] }),
  )
  const { pullRequestId, revisionId } = pullRequest!
  await client.send(
    new OverridePullRequestApprovalRulesCommand({ pullRequestId, revisionId, overrideStatus: 'OVERRIDE' }),
  )
  const place = { repositoryName, beforeCommitId: base, afterCommitId: work }
  await client.send(new PostCommentForPullRequestCommand({ ...place, pullRequestId, content: 'c' }))
  await client.send(new PostCommentForComparedCommitCommand({ ...place, content: 'c' }))
  expect((await told(topic)).map(({ detail }) => detail.event).sort()).toEqual([
    'commentOnCommitCreated',
    'commentOnPullRequestCreated',
    'pullRequestApprovalRuleOverridden',
    'pullRequestCreated',
    'referenceCreated',
    'referenceCreated',
    'referenceUpdated',
  ])
})
