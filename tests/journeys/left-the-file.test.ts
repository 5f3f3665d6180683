/** What leaves the fleet file is told and taken away: a pipeline renamed, a region and an environment removed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { deploy } from '../../src/cli/commands/deploy.ts'
import { status as statusCommand } from '../../src/cli/commands/status.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { runAnswering, runCommand } from '../run-command.ts'
import { makeRepository, placeRepository, type Repository } from './repository.ts'
import { followFirst, followNext, pushChange } from './ship.ts'

const [HUB, ONE, TWO] = ['111111111111', '222222222222', '333333333333'] as const
const hub = { account: HUB, region: 'us-east-1' }
const folder = mkdtempSync(join(tmpdir(), 'crossdock-left-'))
const fleet = join(folder, 'crossdock.yaml')
const TEMPLATE = `Parameters: { Name: { Type: String } }
Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: !Ref Name, DisplayName: one } } }
`

interface File {
  readonly pipeline?: string
  readonly environments?: Readonly<Record<string, { readonly account: string; readonly regions: string }>>
}

const BOTH = {
  dev: { account: ONE, regions: '[us-east-1, eu-west-1]' },
  prod: { account: TWO, regions: '[us-east-1]' },
}

function write({ pipeline = 'topics', environments = BOTH }: File): void {
  const lines = Object.entries(environments).map(
    ([name, { account, regions }]) => `  ${name}: { account: "${account}", regions: ${regions} }`,
  )
  writeFileSync(
    fleet,
    `fleet: left
hub: { account: "${HUB}", region: us-east-1 }
environments:
${lines.join('\n')}
pipelines:
  ${pipeline}:
    source: { github: acme/topics }
    deploy:
      - cloudformation: { template: template.yaml, stack: topics, parameters: { Name: "topics-\${region}" } }
    stages: [${Object.keys(environments).join(', ')}]
`,
  )
}

const bugs: unknown[] = []
let cloud: Cloud
let repository: Repository
let accounts: Accounts

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  repository = await makeRepository('acme/topics', folder, {}, { 'template.yaml': [['one', 'unused']] })
  await placeRepository(repository, cloud)
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
  accounts = new Accounts([HUB, ONE, TWO].map((account) => ({ name: account, account })))
  write({})
  expect((await runCommand(deploy, { fleet })).status).toBe(0)
  expect((await followFirst(accounts, hub, 'left-topics')).status).toBe('Succeeded')
}, 90_000)
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  accounts?.close()
  await cloud?.stop()
  await repository?.remove()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

/** `account region name` of every stack, but for the numbers of accounts. */
async function stacks(): Promise<string[]> {
  const found = await Promise.all(
    [HUB, ONE, TWO].flatMap((account) =>
      ['us-east-1', 'eu-west-1'].map(async (region) => {
        const client = await accounts.client(CloudFormationClient, { account, region })
        const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
        return Stacks.map(({ StackName }) => `${account.slice(0, 1)} ${region} ${StackName}`)
      }),
    ),
  )
  return found.flat().sort()
}

async function kept(): Promise<string | undefined> {
  const ssm = await accounts.client(SSMClient, hub)
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/crossdock/crossdock-left/places' }))
  return Parameter?.Value
}

/** Changes the application, and waits until the pipeline has brought it everywhere. */
async function pushAndFollow(pipeline: string, from: string, to: string): Promise<void> {
  const change = { files: ['template.yaml'], from, to }
  const where = {
    repository: join(cloud.folder, 'repositories/acme/topics.git'),
    repositoryId: 'acme/topics',
    account: HUB,
  }
  const state = await followNext(accounts, hub, pipeline, () => pushChange(where, cloud, change))
  expect(state.status).toBe('Succeeded')
}

test('a pipeline renamed: the old one is told, and still fires, until it is pruned', {
  timeout: 60_000,
}, async () => {
  write({ pipeline: 'news' })
  const told = await runCommand(deploy, { fleet })
  expect(told.text).toMatch(/pipeline topics +crossdock-left-topics +111111111111 us-east-1/)
  expect(told.text).toMatch(/roles of topics in dev +crossdock-left-topics-access +222222222222 us-east-1/)
  expect(told.text).toContain('still fires the pipeline left-topics')
  expect(told.text).toContain('"crossdock deploy --prune" takes that away; stacks of applications stay')
  expect(told.status).toBe(0)
  const looked = await runCommand(statusCommand, { fleet })
  expect(looked.text).toMatch(/left-topics.*left the fleet file, and still fires/)

  const pruned = await runCommand(deploy, { fleet, prune: true })
  expect(pruned.text).toMatch(/removed crossdock-left-topics 111111111111 us-east-1/)
  expect(pruned.text).toMatch(
    /stays crossdock-left-topics-access 222222222222 us-east-1: the stack topics in 222222222222 [^:]*, and 1 more changes by arn:/,
  )
  expect(pruned.status).toBe(0)
  expect(await stacks()).toEqual(
    expect.arrayContaining(['2 us-east-1 topics', '2 eu-west-1 topics', '3 us-east-1 topics']),
  )
  expect(await stacks()).not.toContain('1 us-east-1 crossdock-left-topics')
  expect((await runCommand(statusCommand, { fleet })).text).not.toContain('left-topics')
})

test('the roles of the old one go once the new one has shipped, and nothing else is left of it', {
  timeout: 60_000,
}, async () => {
  await pushAndFollow('left-news', 'one', 'two')
  const { text, status } = await runAnswering([/Take \d stacks? away\?/], deploy, { fleet })
  expect(text).not.toContain('stays')
  expect(status).toBe(0)
  expect((await stacks()).filter((name) => name.includes('left-topics'))).toEqual([])
  expect(await kept()).toBe('eu-west-1 us-east-1: 111111111111\nus-east-1: 222222222222 333333333333')
})

test('a region removed: its bucket and its key go, and the application’s stack there stays', {
  timeout: 60_000,
}, async () => {
  write({ pipeline: 'news', environments: { ...BOTH, dev: { account: ONE, regions: '[us-east-1]' } } })
  const { text, status } = await runCommand(deploy, { fleet, prune: true })
  expect(text).toMatch(/artifacts of news in eu-west-1 +crossdock-left-news-store/)
  expect(text).toMatch(/removed crossdock-left-key 111111111111 eu-west-1/)
  expect(text).toContain('the key of 111111111111 eu-west-1 is deleted in 30 days')
  expect(status).toBe(0)
  expect((await stacks()).filter((name) => name.includes('eu-west-1'))).toEqual(['2 eu-west-1 topics'])
  expect(await kept()).toBe('us-east-1: 111111111111 222222222222 333333333333')
})

test('an environment removed, with its account: it is found by what the hub keeps', {
  timeout: 60_000,
}, async () => {
  write({ pipeline: 'news', environments: { dev: { account: ONE, regions: '[us-east-1]' } } })
  const pruned = await runCommand(deploy, { fleet, prune: true, json: true })
  const document = JSON.parse(pruned.text)
  const access = { stack: 'crossdock-left-news-access', account: TWO, region: 'us-east-1' }
  expect(document.left).toEqual([{ ...access, title: 'roles of news in prod', stillFires: [] }])
  expect(document.stays).toEqual([
    { ...access, failed: false, why: expect.stringContaining('the stack topics in 333333333333 us-east-1') },
  ])
  expect(await kept()).toBe('us-east-1: 111111111111 222222222222 333333333333')

  const { text, status } = await runCommand(deploy, { fleet, prune: true, applications: true })
  expect(text).toMatch(/removed topics 333333333333[\s\S]*removed crossdock-left-news-access 333333333333/)
  expect(status).toBe(0)
  expect((await stacks()).filter((name) => name.startsWith('3'))).toEqual([])
  expect(await kept()).toBe('us-east-1: 111111111111 222222222222')
  expect((await runCommand(deploy, { fleet })).text).not.toContain('Left the fleet file')
})

test('--applications alone is refused, for nothing would go', async () => {
  await expect(runCommand(deploy, { fleet, applications: true })).rejects.toThrow('goes with --prune')
})

test('while somebody else changes the fleet nothing is deployed, unless the lock is taken', {
  timeout: 60_000,
}, async () => {
  const ssm = await accounts.client(SSMClient, hub)
  const holder = {
    who: 'Ana on laptop',
    what: 'deploy',
    since: Date.now(),
    until: Date.now() + 60_000,
    token: 'x',
  }
  const lock = { Name: '/crossdock/crossdock-left/lock', Value: JSON.stringify(holder), Overwrite: true }
  await ssm.send(new PutParameterCommand(lock))
  write({ pipeline: 'later', environments: { dev: { account: ONE, regions: '[us-east-1]' } } })
  const before = await stacks()
  await expect(runCommand(deploy, { fleet })).rejects.toThrow(
    /^Ana on laptop has begun to deploy this fleet less than a minute ago, at .*, and is not done$/,
  )
  expect(await stacks()).toEqual(before)
  expect((await runCommand(deploy, { fleet, forceUnlock: true })).status).toBe(0)
  expect(await stacks()).toContain('1 us-east-1 crossdock-left-later')
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: lock.Name }))
  expect(Parameter?.Value).toBe('free')
})
