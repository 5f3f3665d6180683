/** `crossdock sync`: branches that globs stand for, of every kind of repository, and the pipelines that come of them. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  CreateRepositoryCommand,
} from '@aws-sdk/client-codecommit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { check } from '../../src/cli/commands/check.ts'
import { sync } from '../../src/cli/commands/sync.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { loadFleet } from '../../src/fleet/index.ts'
import { runCommand } from '../run-command.ts'

const run = promisify(execFile)
const HUB = '111111111111'
const folder = mkdtempSync(join(tmpdir(), 'crossdock-sync-'))
const clone = join(folder, 'clone')
const fleet = join(folder, 'crossdock.yaml')
const lock = join(folder, 'crossdock.lock.yaml')
const fileOf = (source: string, globs = '["release/*", main]') => `fleet: acme
hub: { account: ${HUB}, region: us-east-1 }
environments:
  dev: { account: 222222222222, regions: [us-east-1] }
pipelines:
  orders:
    source: { ${source} }
    branches: ${globs}
    deploy: [{ s3: { bucket: "orders-\${branchSlug}" } }]
    stages: [dev]
`
let cloud: Cloud

const git = (...words: string[]) =>
  run('git', ['-c', 'user.name=A', '-c', 'user.email=a@acme.example', ...words], { cwd: clone })

beforeAll(async () => {
  cloud = await startCloud()
  mkdirSync(clone)
  await git('init', '--quiet', '--initial-branch=main')
  await git('commit', '--quiet', '--allow-empty', '--message', 'First')
  for (const branch of ['release/1', 'release/2', 'feature/a']) await git('branch', branch)
  const { host } = new URL(cloud.endpoint)
  await git(
    'push',
    '--quiet',
    '--all',
    `http://${HUB}:${cloud.secret}@${host}/_codeconnections/acme/orders.git`,
  )
})
beforeEach(() => {
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
})
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  await cloud?.stop()
  rmSync(folder, { recursive: true })
})

const told = (options = {}) => runCommand(sync, { fleet, ...options })
const idsOf = async () => (await loadFleet(fleet)).pipelines.map(({ id }) => id)

test('a repository behind a connection', async () => {
  writeFileSync(fleet, fileOf('github: acme/orders'))
  await expect(runCommand(check, { fleet }).catch(String)).resolves.toMatch(
    /crossdock\.yaml:8:16: crossdock\.lock\.yaml does not hold the branches release\/\* of acme\/orders\n {2}fix: run `crossdock sync`/,
  )
  expect((await told()).text).toBe(
    `+ github acme/orders release/*: branch release/1\n+ github acme/orders release/*: branch release/2\n${lock} is written`,
  )
  expect(await idsOf()).toEqual(['orders-release-1', 'orders-release-2', 'orders-main'])
  expect((await runCommand(check, { fleet })).status).toBe(0)
  expect((await told({ check: true })).status).toBe(0)
})

test('a repository of CodeCommit', async () => {
  const client = new CodeCommitClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: HUB, secretAccessKey: cloud.secret },
  })
  const repositoryName = 'orders'
  await client.send(new CreateRepositoryCommand({ repositoryName }))
  const { commitId } = await client.send(
    new CreateCommitCommand({
      repositoryName,
      branchName: 'main',
      putFiles: [{ filePath: 'a', fileContent: Buffer.from('a') }],
    }),
  )
  await client.send(new CreateBranchCommand({ repositoryName, branchName: 'release/9', commitId }))
  client.destroy()
  writeFileSync(fleet, fileOf('codecommit: orders'))
  expect((await told()).text).toContain('+ codecommit orders release/*: branch release/9')
  expect(await idsOf()).toEqual(['orders-release-9', 'orders-main'])
  writeFileSync(fleet, fileOf('codecommit: nowhere'))
  await expect(told().catch(String)).resolves.toMatch(
    /crossdock\.yaml:8:16: there is no repository nowhere in 111111111111 us-east-1/,
  )
})

test('on AWS, which lists none, the clone’s remote, or what somebody gives', async () => {
  delete process.env.AWS_ENDPOINT_URL
  writeFileSync(fleet, fileOf('github: acme/orders'))
  await expect(told().catch(String)).resolves.toMatch(
    /crossdock\.yaml:8:16: AWS lists no branches of acme\/orders: there is no API for it through a connection\n {2}fix: run it in a clone/,
  )
  const bare = join(folder, 'acme', 'orders.git')
  await run('git', ['clone', '--quiet', '--bare', clone, bare])
  await git('remote', 'add', 'upstream', bare)
  const inClone = join(clone, 'crossdock.yaml')
  writeFileSync(inClone, readFileSync(fleet))
  expect((await runCommand(sync, { fleet: inClone })).text).toContain('branch release/2')
  await git('branch', 'release/3')
  const { stdout } = await git('ls-remote', '--heads', '.')
  const [lines, names] = [join(folder, 'heads'), join(folder, 'names')]
  writeFileSync(lines, stdout)
  writeFileSync(names, '# branches\nrelease/4\nmain\n')
  expect((await told({ branches: [`acme/orders=${lines}`] })).text).toContain('branch release/3')
  expect((await told({ branches: [`acme/orders=${names}`] })).text).toContain(
    '+ github acme/orders release/*: branch release/4',
  )
  await expect(told({ branches: ['acme/orders'] })).rejects.toThrow(
    /--branches takes <owner\/repository>=<file>/,
  )
  await expect(told({ branches: ['acme/orders=nowhere'] })).rejects.toThrow(/nowhere cannot be read: ENOENT/)
})

test('a glob that no branch matches is told by check', async () => {
  writeFileSync(fleet, fileOf('github: acme/orders', '["hotfix/*", main]'))
  await told()
  await expect(idsOf().catch(String)).resolves.toMatch(
    /no branch of acme\/orders matches hotfix\/\*\n {2}fix: remove it, or run `crossdock sync` after the push/,
  )
})
