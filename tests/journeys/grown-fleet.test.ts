/** A fleet that grows: a region added, then an account; each deploy changes what it must, and the next run reaches them all. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prove, readAssembly } from '../../src/access/index.ts'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { type DeployEvent, deploy } from '../../src/deploy/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { declarationOf, type ExecutionState, executionState, startPipeline } from '../../src/operate/index.ts'
import { renderTemplate, synthesize } from '../../src/synth/index.ts'
import { makeRepository, placeRepository, type Repository } from './repository.ts'
import { followFirst } from './ship.ts'

const [ONE, TWO] = ['222222222222', '333333333333'] as const
const PIPELINE = 'grown-topics'
const folder = mkdtempSync(join(tmpdir(), 'crossdock-grown-'))
const file = join(folder, 'crossdock.yaml')
const fleetFile = (accounts: string, regions: string) => `fleet: grown
hub: { account: "111111111111", region: us-east-1 }
environments:
  prod: { accounts: ${accounts}, regions: ${regions}, values: { Name: "topics-\${accountName}" } }
pipelines:
  topics:
    source: { github: acme/topics }
    deploy:
      - cloudformation: { template: template.yaml, parameters: { Name: "\${values.Name}-\${region}" } }
    stages:
      - { environment: prod, changeSets: true, waves: [{ accounts: 1, regions: [us-east-1] }, rest] }
`
const TEMPLATE = `Parameters: { Name: { Type: String } }
Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: !Ref Name } } }
Outputs: { Name: { Value: !GetAtt Topic.TopicName } }
`
const bugs: unknown[] = []
let cloud: Cloud
let repository: Repository
let fleet: Fleet

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  repository = await makeRepository('acme/topics', folder, {}, { 'template.yaml': [['!Ref', '!Ref  ']] })
  await placeRepository(repository, cloud)
})
afterAll(async () => {
  await cloud?.stop()
  await repository?.remove()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

const accountsOf = () => new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })

/** Deploys the fleet as the file says, proven before, and gives what became of its stacks. */
async function deployed(accounts: string, regions: string): Promise<string[]> {
  writeFileSync(file, fleetFile(accounts, regions))
  fleet = await loadFleet(file)
  const assembly = synthesize(fleet)
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
  const events: DeployEvent[] = []
  const reach = accountsOf()
  await deploy(assembly, {
    accounts: reach,
    render: (stack) => renderTemplate(stack.template),
    listener: (event) => events.push(event),
    pace: { interval: 20, sleep: (ms) => sleep(ms) },
    now: Date.now,
    token: randomUUID(),
  }).finally(() => reach.close())
  return events
    .flatMap((event) =>
      event.type === 'stack-done'
        ? `${event.outcome} ${event.stack.name} ${event.stack.target.account} ${event.stack.target.region}`
        : [],
    )
    .sort()
}

async function run(): Promise<ExecutionState> {
  const accounts = accountsOf()
  try {
    const client = await accounts.client(CodePipelineClient, fleet.hub)
    const id = await startPipeline(client, PIPELINE)
    const declaration = await declarationOf(client, PIPELINE)
    for (;;) {
      const state = await executionState(client, declaration, fleet.hub, id)
      if (state && state.status !== 'InProgress') return state
      await sleep(20)
    }
  } finally {
    accounts.close()
  }
}

async function topicsIn(places: readonly (readonly [account: string, region: string])[]): Promise<unknown[]> {
  const accounts = accountsOf()
  const found = await Promise.all(
    places.map(async ([account, region]) => {
      const client = await accounts.client(CloudFormationClient, { account, region })
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'topics' }))
      return Stacks?.[0]?.Outputs?.[0]?.OutputValue
    }),
  )
  accounts.close()
  return found
}

test('one account in one region', { timeout: 60_000 }, async () => {
  await deployed(`{ one: "${ONE}" }`, '[us-east-1]')
  const accounts = accountsOf()
  expect((await followFirst(accounts, fleet.hub, PIPELINE)).status).toBe('Succeeded')
  accounts.close()
  expect(await topicsIn([[ONE, 'us-east-1']])).toEqual(['topics-one-us-east-1'])
})

test('a region added', { timeout: 60_000 }, async () => {
  expect(await deployed(`{ one: "${ONE}" }`, '[us-east-1, eu-west-1]')).toEqual([
    'created crossdock-grown-key 111111111111 eu-west-1',
    'created crossdock-grown-topics-store 111111111111 eu-west-1',
    'updated crossdock-grown-hub 111111111111 us-east-1',
    `updated crossdock-grown-topics 111111111111 us-east-1`,
    `updated crossdock-grown-topics-access ${ONE} us-east-1`,
  ])
  const { status, stages } = await run()
  expect(status).toBe('Succeeded')
  expect(stages.map(({ name }) => name)).toEqual(['Source', 'prod-1', 'prod-2'])
  expect(
    await topicsIn([
      [ONE, 'us-east-1'],
      [ONE, 'eu-west-1'],
    ]),
  ).toEqual(['topics-one-us-east-1', 'topics-one-eu-west-1'])
})

test('an account added', { timeout: 60_000 }, async () => {
  const outcomes = await deployed(`{ one: "${ONE}", two: "${TWO}" }`, '[us-east-1, eu-west-1]')
  expect(outcomes).toContain(`created crossdock-grown-topics-access ${TWO} us-east-1`)
  expect(outcomes).toContain(`unchanged crossdock-grown-topics-access ${ONE} us-east-1`)
  expect((await run()).status).toBe('Succeeded')
  expect(
    await topicsIn([
      [TWO, 'us-east-1'],
      [TWO, 'eu-west-1'],
    ]),
  ).toEqual(['topics-two-us-east-1', 'topics-two-eu-west-1'])
})
