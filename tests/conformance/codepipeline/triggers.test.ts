/** What starts pipelines by itself, and what they tell EventBridge. */

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  type PipelineTriggerDeclaration,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { repositoryPushed, tagPushed } from '../../../src/cloud/kernel/service-events.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
let ConnectionArn: string
const folder = mkdtempSync(join(tmpdir(), 'crossdock-triggers-'))
const run = promisify(execFile)
const git = async (...words: string[]): Promise<string> =>
  (await run('git', words, { cwd: folder })).stdout.trim()

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'codestar-connections:UseConnection'] },
  ])
  const made = await shop
    .client(CodeStarConnectionsClient)
    .send(new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }))
  ConnectionArn = made.ConnectionArn!
  await git('init', '--quiet', '--initial-branch=main')
  await push('main', { 'readme.txt': 'one' })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Commits and pushes; resolves when the pipelines that it starts have come to rest. Gives the commit. */
async function push(branch: string, files: Record<string, string>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  await git('add', '.')
  await git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', `On ${branch}`)
  const url = new URL(`${shop.cloud.endpoint}/_codeconnections/example/app.git`)
  url.username = HUB
  url.password = 'test'
  const told = new Promise<void>((resolve) => {
    const stop = shop.cloud.bus.on(repositoryPushed, () => {
      stop()
      resolve()
    })
  })
  await git('push', '--quiet', url.href, `HEAD:${branch}`)
  await told
  await shop.cloud.settled()
  return git('rev-parse', 'HEAD')
}

const connected = (configuration: Record<string, string> = {}) =>
  action('Fetch', ['Source', 'CodeStarSourceConnection'], {
    configuration: { ConnectionArn, FullRepositoryId: 'example/app', BranchName: 'main', ...configuration },
    outputArtifacts: [{ name: 'SourceOutput' }],
  })

async function create(name: string, source = connected(), rest = {}): Promise<void> {
  const pipeline = pipelineOf(name, role, 'artifacts', [[source], [approval()]], {
    executionMode: 'PARALLEL',
    ...rest,
  })
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
}

/** Trigger types of a pipeline's executions, newest first. */
async function triggers(pipelineName: string) {
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName }),
  )
  return pipelineExecutionSummaries.map((one) => one.trigger?.triggerType)
}

const pushTrigger = (push: object): { triggers: PipelineTriggerDeclaration[] } => ({
  triggers: [
    {
      providerType: 'CodeStarSourceConnection',
      gitConfiguration: { sourceActionName: 'Fetch', push: [push] },
    },
  ],
})

describe('a push', () => {
  it('starts the pipelines that watch the branch', async () => {
    await create('watching')
    await create('not-watching', connected({ DetectChanges: 'false' }))
    await create('elsewhere', connected({ BranchName: 'release' }))
    const commit = await push('main', { 'readme.txt': 'two' })
    expect(await triggers('watching')).toEqual(['Webhook', 'CreatePipeline'])
    expect(await triggers('not-watching')).toEqual(['CreatePipeline'])
    expect(await triggers('elsewhere')).toEqual(['CreatePipeline'])
    const runs = (await shop.runs('watching')).filter((one) => one.action === 'Fetch')
    expect(runs.at(-1)?.variables?.CommitId).toBe(commit)
  })

  it('starts by trigger for branches and files that match, excludes winning', async () => {
    await create(
      'filtered',
      connected(),
      pushTrigger({
        branches: { includes: ['feature/**'] },
        filePaths: { includes: ['src/**'], excludes: ['**/*.md'] },
      }),
    )
    await push('feature/a', { 'src/a.ts': '1' })
    expect(await triggers('filtered')).toEqual(['CreatePipeline'])
    const commit = await push('feature/a', { 'src/a.ts': '2' })
    expect(await triggers('filtered')).toEqual(['WebhookV2', 'CreatePipeline'])
    const runs = (await shop.runs('filtered')).filter((one) => one.action === 'Fetch')
    expect(runs.at(-1)?.variables).toMatchObject({ CommitId: commit, BranchName: 'feature/a' })
    await push('feature/a', { 'src/notes.md': '1', 'other.txt': '1' })
    await push('main', { 'src/a.ts': '3' })
    expect(await triggers('filtered')).toHaveLength(2)
  })

  it('is not the only way: a commit can be asked for', async () => {
    await create('asked', connected({ DetectChanges: 'false' }))
    const first = await git('rev-list', '--max-parents=0', 'HEAD')
    const { pipelineExecutionId } = await shop.codepipeline.send(
      new StartPipelineExecutionCommand({
        name: 'asked',
        sourceRevisions: [{ actionName: 'Fetch', revisionType: 'COMMIT_ID', revisionValue: first }],
      }),
    )
    await shop.cloud.settled()
    expect((await shop.runs('asked', pipelineExecutionId))[0]?.variables?.CommitId).toBe(first)
    await expect(
      shop.codepipeline.send(
        new StartPipelineExecutionCommand({
          name: 'asked',
          sourceRevisions: [{ actionName: 'Fetch', revisionType: 'IMAGE_DIGEST', revisionValue: 'x' }],
        }),
      ),
    ).rejects.toThrow(/does not take the revision type IMAGE_DIGEST/)
  })
})

/** Asks the repository's own address, as its pull requests are opened and merged. */
async function ask(path: string, body: object): Promise<{ number: number }> {
  const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`
  const answer = await fetch(`${shop.cloud.endpoint}/_codeconnections/example/app/${path}`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(body),
  })
  await shop.cloud.settled()
  return (await answer.json()) as { number: number }
}

/** Triggers of a pipeline's executions, newest first, but for its creation. */
async function details(pipelineName: string): Promise<unknown[]> {
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName }),
  )
  return pipelineExecutionSummaries
    .filter(({ trigger }) => trigger?.triggerType === 'WebhookV2')
    .map(({ trigger }) => JSON.parse(trigger!.triggerDetail!))
}

describe('a tag', () => {
  it('starts the pipelines whose triggers take it, at its commit', async () => {
    await create('tagged', connected(), pushTrigger({ tags: { includes: ['v*'], excludes: ['v*-rc'] } }))
    const commit = await push('main', { 'readme.txt': 'to be tagged' })
    expect(await details('tagged')).toEqual([])
    const url = new URL(`${shop.cloud.endpoint}/_codeconnections/example/app.git`)
    url.username = HUB
    url.password = 'test'
    for (const tag of ['v1-rc', 'other', 'v1']) {
      await git('tag', tag)
      const told = new Promise<void>((resolve) => {
        const stop = shop.cloud.bus.on(tagPushed, () => {
          stop()
          resolve()
        })
      })
      await git('push', '--quiet', url.href, tag)
      await told
      await shop.cloud.settled()
    }
    expect(await details('tagged')).toEqual([{ tag: 'v1', commitId: commit }])
    const runs = (await shop.runs('tagged')).filter((one) => one.action === 'Fetch')
    expect(runs.at(-1)?.variables).toMatchObject({ CommitId: commit })
  })
})

describe('a pull request', () => {
  const pullTrigger = (...pullRequest: object[]): { triggers: PipelineTriggerDeclaration[] } => ({
    triggers: [
      {
        providerType: 'CodeStarSourceConnection',
        gitConfiguration: { sourceActionName: 'Fetch', pullRequest },
      },
    ],
  })

  it('starts the pipelines whose triggers take its event, its destination and one of its files', async () => {
    const branches = { includes: ['main'] }
    await create('opened', connected(), pullTrigger({ events: ['OPEN'], branches }))
    await create('any-event', connected(), pullTrigger({ branches, filePaths: { includes: ['docs/**'] } }))
    await create('other-files', connected(), pullTrigger({ branches, filePaths: { includes: ['src/**'] } }))
    await create('into-release', connected(), pullTrigger({ branches: { includes: ['release'] } }))
    await push('proposal', { 'docs/a.md': '1' })
    const { number } = await ask('pulls', { source: 'proposal' })
    const updated = await push('proposal', { 'docs/a.md': '2' })
    await ask(`pulls/${number}/merge`, {})

    const told = (await details('any-event')) as { event: string }[]
    expect(told.map(({ event }) => event)).toEqual(['CLOSED', 'UPDATED', 'OPEN'])
    expect(told[1]).toEqual({
      pullRequest: number,
      event: 'UPDATED',
      branch: 'proposal',
      destination: 'main',
      commitId: updated,
    })
    const runs = (await shop.runs('any-event')).filter((one) => one.action === 'Fetch')
    expect(runs.at(-1)?.variables).toMatchObject({ CommitId: updated, BranchName: 'proposal' })
    expect((await details('opened')).length).toBe(1)
    expect(await details('other-files')).toEqual([])
    expect(await details('into-release')).toEqual([])
    // A trigger by pull requests alone is none by pushes, not even to the branch that the action names.
    expect(await triggers('opened')).toEqual(['WebhookV2', 'CreatePipeline'])
  })
})

describe('a connection source', () => {
  it('names the repository or branch that is not there', async () => {
    await create('no-branch', connected({ BranchName: 'nowhere' }))
    expect((await shop.runs('no-branch'))[0]?.error?.message).toBe(
      'The repository example/app has no branch named nowhere',
    )
    await create('no-repository', connected({ FullRepositoryId: 'example/none' }))
    expect((await shop.runs('no-repository'))[0]?.error?.message).toMatch(
      /there is no repository example\/none/,
    )
  })

  it('names who may not use the connection', async () => {
    const weak = await shop.role('weak', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
    await create('forbidden', connected(), { roleArn: weak })
    const [failed] = await shop.runs('forbidden')
    expect(failed?.error?.code).toBe('PermissionError')
    expect(failed?.error?.message).toMatch(
      new RegExp(
        `assumed-role/weak/\\d{13} is not authorized to perform: codestar-connections:UseConnection on resource: ${ConnectionArn}`,
      ),
    )
  })

  it('wants a repository’s name that leads nowhere else', async () => {
    await expect(create('escape', connected({ FullRepositoryId: '../../etc' }))).resolves.toBeUndefined()
    expect((await shop.runs('escape'))[0]?.error?.message).toMatch(/there is no repository/)
  })
})

describe('a new object', () => {
  it('starts the pipelines that poll for it', async () => {
    const configuration = (PollForSourceChanges: string) => ({
      S3Bucket: 'drops',
      S3ObjectKey: 'app.zip',
      PollForSourceChanges,
    })
    const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
    const put = () => shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
    await put()
    await create('polling', s3Source('drops', { configuration: configuration('true') }))
    await create('not-polling', s3Source('drops', { configuration: configuration('false') }))
    const { VersionId } = await put()
    await shop.cloud.settled()
    expect(await triggers('polling')).toEqual(['PollForSourceChanges', 'CreatePipeline'])
    expect(await triggers('not-polling')).toEqual(['CreatePipeline'])
    const runs = (await shop.runs('polling')).filter((one) => one.action === 'Fetch')
    expect(runs.at(-1)?.variables?.VersionId).toBe(VersionId)
  })
})

describe('a rule', () => {
  it('starts a pipeline, which tells the rule as its trigger', async () => {
    const source = s3Source('drops', {
      configuration: { S3Bucket: 'drops', S3ObjectKey: 'ruled.zip', PollForSourceChanges: 'false' },
    })
    await create('ruled', source)
    await shop.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'drops',
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    )
    const RoleArn = await shop.role('starter', 'events.amazonaws.com', [
      { Action: 'codepipeline:StartPipelineExecution' },
    ])
    const events = shop.client(EventBridgeClient)
    const EventPattern = JSON.stringify({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['drops'] }, object: { key: ['ruled.zip'] } },
    })
    await events.send(new PutRuleCommand({ Name: 'on-upload', EventPattern }))
    const Arn = `arn:aws:codepipeline:us-east-1:${HUB}:ruled`
    await events.send(new PutTargetsCommand({ Rule: 'on-upload', Targets: [{ Id: 'p', Arn, RoleArn }] }))
    const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
    await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'ruled.zip', Body }))
    await shop.cloud.settled()
    const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName: 'ruled' }),
    )
    expect(pipelineExecutionSummaries[0]?.trigger).toEqual({
      triggerType: 'CloudWatchEvent',
      triggerDetail: `arn:aws:events:us-east-1:${HUB}:rule/on-upload`,
    })
  })
})

describe('events', () => {
  it('tell how pipeline, stages and actions fare', async () => {
    const seen: CloudEvent[] = []
    const stop = shop.cloud.bus.listen((event) => {
      if (event.source === 'aws.codepipeline') seen.push(event)
    })
    await create('told')
    stop()
    const lines = seen.map(
      ({ detailType, detail }) =>
        `${detailType.split(' ')[1]} ${[detail.stage, detail.action].filter(Boolean).join('/')} ${detail.state}`,
    )
    expect(lines).toEqual([
      'Pipeline  STARTED',
      'Stage Source STARTED',
      'Action Source/Fetch STARTED',
      'Action Source/Fetch SUCCEEDED',
      'Stage Source SUCCEEDED',
      'Stage Stage1 STARTED',
      'Action Stage1/Approve STARTED',
    ])
    expect(seen[0]).toMatchObject({
      account: HUB,
      region: 'us-east-1',
      resources: [`arn:aws:codepipeline:us-east-1:${HUB}:told`],
      detail: { pipeline: 'told', version: 1, 'execution-trigger': { 'trigger-type': 'CreatePipeline' } },
    })
    expect(seen[3]?.detail).toMatchObject({
      region: 'us-east-1',
      type: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
      'output-artifacts': [{ name: 'SourceOutput', s3location: { bucket: 'artifacts' } }],
    })
  })
})
