/** A pipeline that follows its fleet file: a push of the file changes the pipeline, which then ships in its new form. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isFailed } from '../../src/access/index.ts'
import { Accounts } from '../../src/aws/index.ts'
import { checked } from '../../src/cli/checked.ts'
import { proofInputIn } from '../../src/cli/proof-input.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { declarationOf, executionState, executions } from '../../src/operate/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { eventually } from './command-line.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { allowStatements, without } from './drop-statement.ts'
import { apply, commit, makeRepository, placeRepository, pushChange, type Repository } from './repository.ts'
import { followFirst, followNext } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const [DEV, PROD] = ['222222222222', '333333333333'] as const
const PIPELINE = 'self-topics'
const FILE = `fleet: self
hub: { account: "${HUB.account}", region: ${HUB.region} }
environments:
  dev: { account: "${DEV}", regions: [us-east-1] }
  prod: { account: "${PROD}", regions: [us-east-1] }
pipelines:
  topics:
    source: { github: acme/topics }
    selfUpdate: true
    deploy:
      - cloudformation: { template: template.yaml, stack: topics, parameters: { Name: "topics-\${environment}" } }
    stages: [dev, prod]
`
const TEMPLATE = `Parameters: { Name: { Type: String } }
Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: !Ref Name } } }
`
const folder = mkdtempSync(join(tmpdir(), 'crossdock-self-'))
const bugs: unknown[] = []
let cloud: Cloud
let repository: Repository
let fleet: Fleet
let assembly: Assembly
let accounts: Accounts

beforeAll(async () => {
  if (!existsSync('dist/cli.cjs')) throw new Error('dist/cli.cjs is missing: run "npm run build" first')
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  writeFileSync(join(folder, 'crossdock.yaml'), FILE)
  fleet = await loadFleet(join(folder, 'crossdock.yaml'))
  assembly = synthesize(fleet)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  accounts = new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  // A region more, and a stage more that takes a test: a project and a role that were not there.
  repository = await makeRepository(
    'acme/topics',
    folder,
    {},
    {
      'crossdock.yaml': [
        [`"${PROD}", regions: [us-east-1]`, `"${PROD}", regions: [us-east-1, eu-west-1]`],
        [
          'stages: [dev, prod]',
          'stages: [dev, prod, { environment: dev, name: look, steps: [{ test: { commands: [ls] } }] }]',
        ],
      ],
    },
  )
  await placeRepository(repository, cloud)
})
afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  await repository?.remove()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

const failuresOf = (some: Assembly): string[] =>
  checked(proofInputIn({ fleet, assembly: some }, { options: {} }))
    .proof.edges.filter(isFailed)
    .map(({ need }) => `${need.principal} ${need.action}`)

const ofUpdate = (name: string): boolean => name.includes('/UpdateRole')

test('what it takes is proven: nothing is missing, and no statement can go', () => {
  expect(failuresOf(assembly)).toEqual([])
  const statements = allowStatements(assembly).filter(({ name, optional }) => ofUpdate(name) && !optional)
  expect(statements.length).toBeGreaterThan(15)
  for (const statement of statements)
    expect([statement.name, ...failuresOf(without(assembly, statement))].length).toBeGreaterThan(1)
})

const stagesOf = async (): Promise<unknown[]> => {
  const client = await accounts.client(CodePipelineClient, HUB)
  return ((await declarationOf(client, PIPELINE)).stages ?? []).map(({ name }) => name)
}

const topicsIn = async (account: string, region: string): Promise<unknown[]> => {
  const client = await accounts.client(SNSClient, { account, region })
  return ((await client.send(new ListTopicsCommand({}))).Topics ?? []).map(({ TopicArn }) =>
    TopicArn?.split(':').at(-1),
  )
}

test('deployed by a person, it runs with nothing to update', { timeout: 60_000 }, async () => {
  await deployQuietly(assembly, accounts)
  const { status, stages } = await followFirst(accounts, HUB, PIPELINE)
  expect(status).toBe('Succeeded')
  expect(stages.map(({ name }) => name)).toEqual(['Source', 'Update', 'dev', 'prod'])
})

test('a push of the file changes it, and it ships in its new form', { timeout: 90_000 }, async () => {
  const client = await accounts.client(CodePipelineClient, HUB)
  await pushChange(repository, cloud, HUB.account)
  const found = await eventually(
    () => executions(client, PIPELINE),
    (all) => all.length > 2 && all.every(({ status }) => status !== 'InProgress'),
  )
  // The first; the push, whose execution ends with the pipeline that it was of; the one of the new pipeline.
  expect(found.map(({ status }) => status)).toEqual(['Succeeded', 'Cancelled', 'Succeeded'])
  expect(await stagesOf()).toEqual(['Source', 'Update', 'dev', 'prod', 'look'])
  const declaration = await declarationOf(client, PIPELINE)
  const state = await executionState(client, declaration, HUB, found[0]?.pipelineExecutionId ?? '')
  const actions = state?.stages.flatMap((stage) => stage.actions.map((one) => `${stage.name} ${one.status}`))
  expect(new Set(actions)).toEqual(
    new Set(['Source', 'Update', 'dev', 'prod', 'look'].map((name) => `${name} Succeeded`)),
  )
  expect(await topicsIn(PROD, 'eu-west-1')).toEqual(['topics-prod'])
  const denied = cloud.trail
    .entries()
    .flatMap(({ decision }) => (decision.effect === 'allowed' ? [] : decision.message))
  expect(denied).toEqual([])
})

test('what it was not given it is denied, and says who deploys that', { timeout: 60_000 }, async () => {
  // An approval makes a topic in the hub, and the file had none so far.
  await apply(
    { 'crossdock.yaml': [['stages: [dev, prod,', 'stages: [dev, { environment: prod, approve: true },']] },
    repository.clone,
  )
  await commit(repository, 'An approval')
  const { status, stages } = await followNext(accounts, HUB, PIPELINE, () =>
    pushChange(repository, cloud, HUB.account),
  )
  expect(status).toBe('Failed')
  expect(stages.find(({ name }) => name === 'Update')?.actions[0]?.status).toBe('Failed')
  const logs = await accounts.client(CloudWatchLogsClient, HUB)
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/codebuild/crossdock-self-topics-update' }),
  )
  const log = events.map(({ message }) => message).join('')
  expect(log).toContain('is not authorized to perform: sns:CreateTopic')
  expect(log).toContain(
    'fix: run `crossdock deploy` yourself once: this change takes more than the role that updates topics was given',
  )
  // Nothing is left half done: the pipeline is as it was.
  expect(await stagesOf()).toEqual(['Source', 'Update', 'dev', 'prod', 'look'])
})
