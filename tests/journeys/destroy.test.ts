/** `crossdock destroy`: a pipeline, then the fleet, killed half way and run again; what stays is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation'
import { DescribeKeyCommand, KMSClient, paginateListKeys } from '@aws-sdk/client-kms'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { deploy } from '../../src/cli/commands/deploy.ts'
import { destroy } from '../../src/cli/commands/destroy.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { startFaultProxy } from '../chaos/fault-proxy.ts'
import { runAnswering, runCommand } from '../run-command.ts'
import { ended, interrupt, User } from './command-line.ts'
import { makeRepository, placeRepository, type Repository } from './repository.ts'
import { followFirst } from './ship.ts'

const [HUB, ONE] = ['111111111111', '222222222222'] as const
const hub = { account: HUB, region: 'us-east-1' }
const folder = mkdtempSync(join(tmpdir(), 'crossdock-destroy-'))
const fleet = join(folder, 'crossdock.yaml')
const pipeline = (name: string, environment: string) => `  ${name}:
    source: { github: acme/topics }
    deploy: [{ cloudformation: { template: template.yaml, parameters: { Name: "${name}-\${region}" } } }]
    stages: [${environment}]
`
const FLEET = `fleet: gone
hub: { account: "${HUB}", region: us-east-1 }
environments:
  dev: { account: "${ONE}", regions: [us-east-1] }
  far: { account: "${ONE}", regions: [eu-west-1] }
pipelines:
${['one', 'two'].map((name) => pipeline(name, 'dev')).join('')}${pipeline('three', 'far')}
`
const TEMPLATE = `Parameters: { Name: { Type: String } }
Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: !Ref Name } } }
`

const bugs: unknown[] = []
let cloud: Cloud
let repository: Repository
let accounts: Accounts

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  writeFileSync(fleet, FLEET)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  repository = await makeRepository('acme/topics', folder, {}, { 'template.yaml': [['Topic:', 'Other:']] })
  await placeRepository(repository, cloud)
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
  accounts = new Accounts([HUB, ONE].map((account) => ({ name: account, account })))
  await deployAll()
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

async function deployAll(): Promise<void> {
  expect((await runCommand(deploy, { fleet })).status).toBe(0)
  for (const name of ['one', 'two', 'three'])
    expect((await followFirst(accounts, hub, `gone-${name}`)).status).toBe('Succeeded')
}

async function stacks(): Promise<string[]> {
  const found = await Promise.all(
    [HUB, ONE].flatMap((account) =>
      ['us-east-1', 'eu-west-1'].map(async (region) => {
        const client = await accounts.client(CloudFormationClient, { account, region })
        const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
        return Stacks.map(({ StackName = '' }) => StackName)
      }),
    ),
  )
  return found.flat().sort()
}

test('without a terminal nothing goes unless --yes says so; at one a person is asked', async () => {
  const before = await stacks()
  const { text, status } = await runCommand(destroy, { fleet }, 'one')
  expect(text).toMatch(
    /To be removed of the pipeline one\n {2}pipeline one +crossdock-gone-one +111111111111/,
  )
  expect(text).toContain('nothing was removed; --yes removes it without asking')
  expect(status).toBe(1)
  expect((await runAnswering([], destroy, { fleet })).text).toMatch(
    /Remove \d+ stacks of the fleet gone\?\n.*nothing was removed$/,
  )
  expect(await stacks()).toEqual(before)
})

test('what starts after a pipeline is named before it goes', async () => {
  const other = join(folder, 'other.yaml')
  writeFileSync(other, FLEET.replace('  two:\n', '  two:\n    start: { after: [one] }\n'))
  const { text } = await runCommand(destroy, { fleet: other }, 'one')
  expect(text).toContain('the pipeline two starts after it, and will not any more')
})

test('one pipeline goes, the others and what it deployed stay', async () => {
  const { text, status } = await runAnswering(
    [/Remove 2 stacks of the pipeline one/],
    destroy,
    { fleet, applications: true },
    'one',
  )
  expect(text).toMatch(
    /removed crossdock-gone-one 111[\s\S]*removed one 222[\s\S]*removed crossdock-gone-one-access 222/,
  )
  expect(text).toContain('take it out of the fleet file: the next "crossdock deploy" makes it again')
  expect(status).toBe(0)
  expect(await stacks()).toEqual([
    'crossdock-gone-hub',
    'crossdock-gone-key',
    'crossdock-gone-three',
    'crossdock-gone-three-access',
    'crossdock-gone-three-store',
    'crossdock-gone-two',
    'crossdock-gone-two-access',
    'three',
    'two',
  ])
})

test('with the last pipeline of a region go its bucket and its key', async () => {
  const { status, text } = await runCommand(destroy, { fleet, yes: true, json: true }, 'three')
  const { removed, stays } = JSON.parse(text)
  expect(removed.map((one: { stack: string }) => one.stack)).toEqual([
    'crossdock-gone-three',
    'crossdock-gone-three-store',
    'crossdock-gone-key',
  ])
  expect(stays).toEqual([
    expect.objectContaining({ stack: 'crossdock-gone-three-access', failed: false, region: 'eu-west-1' }),
  ])
  expect(status).toBe(0)
})

async function protect(on: boolean): Promise<void> {
  const client = await accounts.client(CloudFormationClient, hub)
  const command = { StackName: 'crossdock-gone-two', EnableTerminationProtection: on }
  await client.send(new UpdateTerminationProtectionCommand(command))
}

test('a pipeline that is protected stays with all that it needs', async () => {
  await protect(true)
  const before = await stacks()
  const { text, status } = await runCommand(destroy, { fleet, yes: true })
  expect(text).toMatch(
    /stays crossdock-gone-two 111111111111 us-east-1: it is protected: "aws cloudformation update-/,
  )
  expect(text).toMatch(/stays crossdock-gone-hub .*: the pipeline that stays needs it: crossdock-gone-two/)
  expect(status).toBe(0)
  expect(await stacks()).toEqual(before)
  await protect(false)
})

test('killed and interrupted half way it goes on from there, and leaves nothing', {
  timeout: 90_000,
}, async () => {
  await deployAll()
  const user = await User.create()
  const silent = await silentAt(2)
  const environment = { AWS_ENDPOINT_URL: silent.endpoint, CROSSDOCK_CLOUD_SECRET: cloud.secret }
  const words = ['destroy', '--yes', '--applications', '--fleet', fleet]
  try {
    const killed = user.start(words, environment)
    const over = ended(killed)
    await silent.reached()
    killed.kill('SIGKILL')
    await over
    const second = await user.run(words, environment)
    expect(second.stderr).toMatch(
      /has begun to take stacks away from this fleet less than a minute ago, .* and is not done\n {2}fix: .*--force-unlock/,
    )
    const third = user.start([...words, '--force-unlock'], environment)
    const end = ended(third)
    await silent.reached()
    interrupt(third)
    const { status, stderr } = await end
    expect(stderr).toContain('"crossdock destroy" goes on from there')
    expect(status).toBe(130)
    // The lock was given back.
    silent.speak()
    const last = await user.run(words, environment)
    expect(last.stdout).toContain('nothing is left of the fleet gone')
    expect(last.status).toBe(0)
  } finally {
    await user.remove()
    await silent.close()
  }
  expect(await stacks()).toEqual([])
  const s3 = await accounts.client(S3Client, hub)
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([])
  const ssm = await accounts.client(SSMClient, hub)
  expect((await ssm.send(new DescribeParametersCommand({}))).Parameters).toEqual([])
  expect(await keyStates()).toEqual(new Set(['PendingDeletion']))
  expect((await runCommand(destroy, { fleet, yes: true })).text).toBe('there is nothing of the fleet gone')
})

/** A way to the cloud on which each so many-th deletion of a stack is begun and never answered. */
async function silentAt(many: number) {
  let [deletions, speaks] = [0, false]
  let reach: () => void = () => undefined
  const proxy = await startFaultProxy({
    target: cloud.endpoint,
    fault: ({ operation }) => {
      if (speaks || operation !== 'DeleteStack' || ++deletions % many) return undefined
      reach()
      return { kind: 'silence', acted: true }
    },
  })
  return {
    endpoint: proxy.endpoint,
    reached: () => new Promise<void>((resolve) => (reach = resolve)),
    speak: () => {
      speaks = true
    },
    close: () => proxy.close(),
  }
}

async function keyStates(): Promise<Set<string | undefined>> {
  const client = await accounts.client(KMSClient, hub)
  const states = new Set<string | undefined>()
  for await (const { Keys = [] } of paginateListKeys({ client }, {}))
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }))
      if (KeyMetadata?.KeyManager === 'CUSTOMER') states.add(KeyMetadata.KeyState)
    }
  return states
}
