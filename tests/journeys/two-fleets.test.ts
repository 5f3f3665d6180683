/** Two fleets of one hub whose names make the same stack: the second is refused before it changes anything. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { deploy } from '../../src/deploy/index.ts'
import { accountsOfFleet, parseFleet } from '../../src/fleet/index.ts'
import { FILE_TAG } from '../../src/model/index.ts'
import { renderTemplate, synthesize } from '../../src/synth/index.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }

const fleetOf = (name: string, pipeline: string) =>
  parseFleet(
    `
fleet: ${name}
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
  ${pipeline}:
    source: { codecommit: app }
    deploy: [{ s3: { bucket: site } }]
    stages: [dev]
`,
    '/nowhere/crossdock.yaml',
  )

const bugs: unknown[] = []
let count = 0
let cloud: Cloud
let accounts: Accounts

/** Deploys a fleet as from a file of a repository. */
async function deploying(name: string, pipeline: string, file: string, takeOver = false): Promise<string> {
  const assembly = synthesize(fleetOf(name, pipeline))
  const waves = assembly.waves.map((wave) =>
    wave.map((stack) => ({ ...stack, tags: { ...stack.tags, [FILE_TAG]: file } })),
  )
  return deploy(
    { ...assembly, waves },
    {
      accounts,
      render: (stack) => renderTemplate(stack.template),
      listener: () => undefined,
      pace: { interval: 20, sleep: (ms) => sleep(ms) },
      now: Date.now,
      token: `journey${++count}`,
      takeOver,
    },
  ).then(
    () => 'deployed',
    (error: Error) => error.message,
  )
}

async function stackNames(): Promise<string[]> {
  const client = await accounts.client(CloudFormationClient, HUB)
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
  return Stacks.map(({ StackName = '' }) => StackName).sort()
}

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  accounts = new Accounts(accountsOfFleet(fleetOf('acme', 'a')), { endpoint: cloud.endpoint })
})

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  expect(bugs).toEqual([])
})

test('a fleet is deployed, and again from the same file', async () => {
  expect(await deploying('acme', 'web-orders', 'github.com/acme/infra:crossdock.yaml')).toBe('deployed')
  expect(await deploying('acme', 'web-orders', 'github.com/acme/infra:crossdock.yaml')).toBe('deployed')
})

test('another whose last wave would change its pipeline changes nothing', async () => {
  const before = await stackNames()
  expect(await deploying('acme-web', 'orders', 'github.com/shop/infra:crossdock.yaml')).toMatch(
    /the stack crossdock-acme-web-orders in 111111111111 us-east-1 belongs to the fleet acme/,
  )
  expect(await stackNames()).toEqual(before)
})

test('nor does one of the same name from another repository, until it takes the stacks over', async () => {
  const other = 'github.com/shop/infra:crossdock.yaml'
  expect(await deploying('acme', 'web-orders', other)).toMatch(
    /was deployed from github.com\/acme\/infra:crossdock.yaml, which is not this fleet file/,
  )
  expect(await deploying('acme', 'web-orders', other, true)).toBe('deployed')
  expect(await deploying('acme', 'web-orders', other)).toBe('deployed')
})
