/** Git over HTTP: clone and push, who may, hostile names, and what a push sets off. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CodeStarConnectionsClient, CreateConnectionCommand } from '@aws-sdk/client-codestar-connections'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Push, repositoryPushed } from '../../../src/cloud/kernel/service-events.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf } from '../codepipeline/declarations.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'

const run = promisify(execFile)
const shop = await openWorkshop()
const folder = mkdtempSync(join(tmpdir(), 'crossdock-git-'))
const work = join(folder, 'work')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { PATH: process.env.PATH, HOME: folder, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '/bin/false' }
const git = async (...words: string[]): Promise<string> =>
  (await run('git', words, { cwd: existsSync(work) ? work : folder, env })).stdout.trim()

function address(path: string, user: string = HUB, password = 'test'): string {
  const url = new URL(`${shop.cloud.endpoint}/_codeconnections/${path}`)
  url.username = user
  url.password = password
  return url.href
}

async function commit(text: string): Promise<string> {
  writeFileSync(join(work, 'readme.txt'), text)
  await git('add', '.')
  await git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', text)
  return git('rev-parse', 'HEAD')
}

/** Events of pushes while something is done. */
async function pushes(work: () => Promise<unknown>): Promise<Push[]> {
  const seen: Push[] = []
  const stop = shop.cloud.bus.on(repositoryPushed, (push) => seen.push(push))
  // Git is answered only when the push is told.
  await work()
  stop()
  return seen
}

beforeAll(async () => {
  mkdirSync(work)
  await git('init', '--quiet', '--initial-branch=main')
  await commit('one')
})

describe('a repository', () => {
  it('is made by the first push, told of, and cloned', async () => {
    const head = await git('rev-parse', 'HEAD')
    const seen = await pushes(() => git('push', '--quiet', address('team/app.git'), 'main'))
    expect(seen).toEqual([
      { repository: 'team/app', branch: 'main', commit: head, changedFiles: [], message: 'one', actor: HUB },
    ])
    await git('clone', '--quiet', address('team/app'), join(folder, 'clone'))
    expect(readFileSync(join(folder, 'clone', 'readme.txt'), 'utf8')).toBe('one')
  })

  it('tells of the files that changed, of each branch once, and of none that went', async () => {
    const before = await git('rev-parse', 'HEAD')
    const head = await commit('two')
    const seen = await pushes(() =>
      Promise.all(
        ['main', 'left', 'right'].map((one) =>
          git('push', '--quiet', address('team/app.git'), `HEAD:${one}`),
        ),
      ),
    )
    expect(new Set(seen.map((one) => one.branch))).toEqual(new Set(['main', 'left', 'right']))
    const main = seen.find((one) => one.branch === 'main')
    expect(main).toMatchObject({ previous: before, commit: head, changedFiles: ['readme.txt'] })
    expect(seen).toHaveLength(3)
    await git('push', '--quiet', address('team/app.git'), ':left')
    const again = await pushes(() => git('push', '--quiet', address('team/app.git'), 'HEAD:left'))
    expect(again.map((one) => one.branch)).toEqual(['left'])
  })

  it('is not there before a push', async () => {
    await expect(git('ls-remote', address('team/none.git'))).rejects.toThrow(/not found/)
    expect(existsSync(join(shop.cloud.folder, 'repositories', 'team', 'none.git'))).toBe(false)
  })
})

describe('who may', () => {
  it('is an IAM user with an active key, as well as the root user', async () => {
    const iam = shop.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'ada' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))
    const { AccessKeyId: id, SecretAccessKey: secret } = AccessKey!
    const theirs = address('team/app.git', id, secret)
    expect(await git('ls-remote', theirs, 'main')).toContain('refs/heads/main')
    await expect(git('ls-remote', address('team/app.git', id, `${secret}x`))).rejects.toThrow()
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ada', AccessKeyId: id!, Status: 'Inactive' }))
    await expect(git('ls-remote', theirs)).rejects.toThrow(/Authentication failed|could not read/)
  })

  it.each([
    ['nobody', undefined],
    ['a wrong password', `${HUB}:wrong`],
    ['no password', `${HUB}:`],
    ['a longer password', `${HUB}:test2`],
    ['an unknown key', 'AKIAAAAAAAAAAAAAAAAA:test'],
  ])('is not %s', async (_who, login) => {
    const headers = login ? { authorization: `Basic ${Buffer.from(login).toString('base64')}` } : undefined
    const answer = await fetch(
      `${shop.cloud.endpoint}/_codeconnections/team/app.git/info/refs?service=git-upload-pack`,
      { headers },
    )
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/)
  })
})

it.each([
  '..%2f..%2fetc/passwd',
  '%2e%2e/app',
  '.hidden/app',
  '-c/app',
  'team/--upload-pack=x',
  'team/a%00b',
  'a b/app',
  'team',
])('the hostile name %s is not found, and makes no folder', async (name) => {
  const authorization = `Basic ${Buffer.from(`${HUB}:test`).toString('base64')}`
  for (const service of ['git-upload-pack', 'git-receive-pack']) {
    const url = `${shop.cloud.endpoint}/_codeconnections/${name}.git/info/refs?service=${service}`
    const answer = await fetch(url, { headers: { authorization } })
    expect([400, 403, 404], `${name}: ${answer.status}`).toContain(answer.status)
    expect(await answer.text()).not.toMatch(/<html|at .*\.ts:/i)
  }
})

it('a push starts the pipeline', async () => {
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
  const client = shop.client(CodePipelineClient)
  const pipeline = pipelineOf('pushed', role, 'artifacts', [[source], [approval()]])
  await client.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  const head = await commit('three')
  await pushes(() => git('push', '--quiet', address('team/app.git'), 'HEAD:main'))
  await shop.cloud.settled()
  const { pipelineExecutionSummaries: found } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: 'pushed' }),
  )
  expect(found![0]?.trigger?.triggerType).toBe('Webhook')
  expect(found![0]?.sourceRevisions?.[0]?.revisionId).toBe(head)
})
