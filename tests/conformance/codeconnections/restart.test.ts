/** Pushes that the end of the cloud came upon: each is told once, at the latest by the next start. */

import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import { beforeAll, expect, it } from 'vitest'
import { repositoryPushed } from '../../../src/cloud/kernel/service-events.ts'
import { HUB, startTestCloud, type TestCloud } from '../cloud.ts'
import { action, approval, pipelineOf } from '../codepipeline/declarations.ts'
import { openWorkshop, type Workshop } from '../codepipeline/workshop.ts'
import { newFolder, startOnCopy } from '../interrupted.ts'

const run = promisify(execFile)
const work = newFolder()
const git = async (...words: string[]): Promise<string> => {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
  return (await run('git', [...who, ...words], { cwd: work })).stdout.trim()
}

async function commit(text: string): Promise<string> {
  writeFileSync(join(work, 'readme.txt'), text)
  await git('add', '.')
  await git('commit', '--quiet', '-m', text)
  return git('rev-parse', 'HEAD')
}

const push = (cloud: TestCloud['cloud'], ...refs: string[]) =>
  git(
    'push',
    '--quiet',
    `${cloud.endpoint.replace('//', `//${HUB}:test@`)}/_codeconnections/team/app.git`,
    ...refs,
  )

/** Commits of the executions that pushes have started, oldest first. */
async function started(test: TestCloud): Promise<string[]> {
  await test.cloud.settled()
  const { pipelineExecutionSummaries: all = [] } = await test
    .client(CodePipelineClient)
    .send(new ListPipelineExecutionsCommand({ pipelineName: 'pushed' }))
  const pushes = all.filter((one) => one.trigger?.triggerType === 'Webhook')
  return pushes.map((one) => one.sourceRevisions?.[0]?.revisionId ?? '').reverse()
}

let shop: Workshop
beforeAll(async () => {
  await git('init', '--quiet', '--initial-branch=main')
  await commit('one')
  shop = await openWorkshop({ data: newFolder() })
  await push(shop.cloud, 'main')
  await shop.bucket('artifacts')
  const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'codestar-connections:UseConnection'] },
  ])
  const { ConnectionArn = '' } = await shop
    .client(CodeStarConnectionsClient)
    .send(new CreateConnectionCommand({ ConnectionName: 'c', ProviderType: 'GitHub' }))
  const source = action('Fetch', ['Source', 'CodeStarSourceConnection'], {
    configuration: { ConnectionArn, FullRepositoryId: 'team/app', BranchName: 'main' },
    outputArtifacts: [{ name: 'SourceOutput' }],
  })
  await shop.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: pipelineOf('pushed', role, 'artifacts', [[source], [approval()]]),
    }),
  )
  await shop.cloud.settled()
})

it('a push is on disk with what it starts before git is answered', async () => {
  const test = await startOnCopy(shop.cloud)
  const head = await commit('acknowledged')
  await push(test.cloud, 'main')
  // What is on disk when git has its answer, without anything that is written later.
  const copy = newFolder()
  cpSync(test.cloud.folder, copy, { recursive: true })
  expect(await started(await startTestCloud({ data: copy }))).toEqual([head])
})

it('what came in and was not told yet is told at the next start, and only then', async () => {
  const test = await startOnCopy(shop.cloud)
  const head = await commit('unheard')
  // As a kill leaves it that comes between git's work and ours.
  const repository = join(test.cloud.folder, 'repositories', 'team', 'app.git')
  await git('push', '--quiet', repository, 'HEAD:main', 'HEAD:side')
  const next = await startOnCopy(test.cloud)
  expect(await started(next)).toEqual([head])
  expect(await started(await startOnCopy(next.cloud))).toEqual([head])
})

it('the first push of all is told as well', async () => {
  const test = await startOnCopy(shop.cloud)
  const seen: unknown[] = []
  const url = `${test.cloud.endpoint}/_codeconnections/team/new.git/info/refs?service=git-receive-pack`
  const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`
  expect((await fetch(url, { headers: { authorization } })).status).toBe(200)
  await git('push', '--quiet', join(test.cloud.folder, 'repositories', 'team', 'new.git'), 'HEAD:main')
  const next = await startOnCopy(test.cloud)
  next.cloud.bus.on(repositoryPushed, ({ repository }) => seen.push(repository))
  await next.cloud.settled()
  expect(seen).toEqual(['team/new'])
})

it('what a repository of an earlier version holds is not told as new', async () => {
  const test = await startOnCopy(shop.cloud)
  cpSync(
    join(test.cloud.folder, 'repositories', 'team', 'app.git'),
    join(test.cloud.folder, 'repositories', 'team', 'old.git'),
    { recursive: true },
  )
  const next = await startOnCopy(test.cloud)
  const seen: unknown[] = []
  next.cloud.bus.on(repositoryPushed, ({ repository, branch }) => seen.push([repository, branch]))
  await next.cloud.settled()
  await git(
    'push',
    '--quiet',
    `${next.cloud.endpoint.replace('//', `//${HUB}:test@`)}/_codeconnections/team/old.git`,
    'HEAD:side',
  )
  expect(seen).toEqual([['team/old', 'side']])
})
