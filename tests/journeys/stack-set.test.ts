/**
 * Stack sets as deploys: a commit lands in two accounts and two regions through roles of the fleet, and in the accounts of a
 * unit through StackSets' own. IAM is enforced.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CodeCommitClient, CreateCommitCommand, GetBranchCommand } from '@aws-sdk/client-codecommit'
import {
  CreateOrganizationalUnitCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, parseFleet } from '../../src/fleet/index.ts'
import type { ExecutionState } from '../../src/operate/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { followNext } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const MANAGEMENT = { account: '222222222222', region: 'us-east-1' }
const TARGETS = ['333333333333', '444444444444'].flatMap((account) =>
  ['us-east-1', 'eu-west-1'].map((region) => ({ account, region })),
)
const TEMPLATE = `
Parameters: { Size: { Type: String } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: base, DisplayName: !Ref Size } }
Outputs:
  Size: { Value: !Ref Size }
`
const fleetText = (unit: string) => `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  shared: { account: "222222222222", regions: [us-east-1] }
  prod: { accounts: { a: "333333333333", b: "444444444444" }, regions: [us-east-1] }
organization: { management: { account: "222222222222" } }
repositories: { base: }
pipelines:
  base:
    source: { codecommit: base }
    deploy:
      - stackset:
          name: base
          template: base.yaml
          parameters: { Size: "\${environment}" }
          accounts: ["333333333333", "444444444444"]
          regions: [us-east-1, eu-west-1]
          maxConcurrent: 100
      - stackset:
          name: everywhere
          template: everywhere.yaml
          organizationalUnits: [${unit}]
          regions: [us-east-1]
    stages: [shared]
`

const EVERYWHERE = 'Resources: { Queue: { Type: AWS::SNS::Topic, Properties: { TopicName: everywhere } } }'

/** Puts an account into a unit of its own; gives the unit. */
async function unitOf(AccountId: string): Promise<string> {
  const organizations = await accounts.client(OrganizationsClient, MANAGEMENT)
  const { Roots } = await organizations.send(new ListRootsCommand({}))
  const root = Roots![0]!.Id!
  const { OrganizationalUnit } = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: root, Name: 'workloads' }),
  )
  const unit = OrganizationalUnit!.Id!
  await organizations.send(
    new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit }),
  )
  return unit
}

const folder = mkdtempSync(join(tmpdir(), 'crossdock-stack-set-'))
const bugs: unknown[] = []
let cloud: Cloud
let accounts: Accounts
let fleet: Fleet

const commit = (text: string): Promise<ExecutionState> =>
  followNext(accounts, HUB, 'acme-base', async () => {
    const client = await accounts.client(CodeCommitClient, HUB)
    const on = { repositoryName: 'base', branchName: 'main' }
    const head = await client.send(new GetBranchCommand(on)).catch(() => undefined)
    await client.send(
      new CreateCommitCommand({
        ...on,
        parentCommitId: head?.branch?.commitId,
        authorName: 'Ada',
        email: 'ada@acme.example',
        putFiles: [
          { filePath: 'base.yaml', fileContent: Buffer.from(text) },
          ...(head ? [] : [{ filePath: 'everywhere.yaml', fileContent: Buffer.from(EVERYWHERE) }]),
        ],
      }),
    )
  })

beforeAll(async () => {
  writeFileSync(join(folder, 'base.yaml'), TEMPLATE)
  writeFileSync(join(folder, 'everywhere.yaml'), EVERYWHERE)
  cloud = await startCloud({
    managementAccount: MANAGEMENT.account,
    onBug: (where, error) => bugs.push({ where, error }),
  })
  const draft = parseFleet(fleetText('ou-ab12-cdefgh34'), join(folder, 'crossdock.yaml'))
  accounts = new Accounts(accountsOfFleet(draft), { endpoint: cloud.endpoint })
  fleet = parseFleet(fleetText(await unitOf('444444444444')), join(folder, 'crossdock.yaml'))
  await deployQuietly(synthesize(fleet), accounts)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

/** The output of the stack set's stack in each of its places. */
async function sizes(): Promise<string[]> {
  return Promise.all(
    TARGETS.map(async (target) => {
      const client = await accounts.client(CloudFormationClient, target)
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
      const stack = Stacks.find(({ StackName }) => StackName?.startsWith('StackSet-base-'))
      return `${target.account} ${target.region} ${stack?.Outputs?.[0]?.OutputValue}`
    }),
  )
}

const failures = ({ stages }: ExecutionState) =>
  stages.flatMap(({ actions }) => actions.flatMap(({ error }) => error ?? []))

const denied = () =>
  cloud.trail
    .entries()
    .filter(({ decision }) => decision.effect !== 'allowed')
    .map(({ decision }) => decision.message)

test('the first commit makes its stacks in every account and region', async () => {
  const state = await commit(TEMPLATE)
  expect(denied()).toEqual([])
  expect(failures(state)).toEqual([])
  expect(state.status).toBe('Succeeded')
  expect(await sizes()).toEqual(TARGETS.map(({ account, region }) => `${account} ${region} shared`))
}, 60_000)

test('the next changes them', async () => {
  const state = await commit(TEMPLATE.replace('Value: !Ref Size', 'Value: !Sub "${Size} again"'))
  expect(failures(state)).toEqual([])
  expect(await sizes()).toEqual(TARGETS.map(({ account, region }) => `${account} ${region} shared again`))
  expect(denied()).toEqual([])
}, 60_000)

test('the accounts of a unit have theirs, and no others', async () => {
  const has = async (account: string) => {
    const client = await accounts.client(CloudFormationClient, { account, region: 'us-east-1' })
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({}))
    return Stacks.some(({ StackName }) => StackName?.startsWith('StackSet-everywhere-'))
  }
  expect(await Promise.all(['333333333333', '444444444444'].map(has))).toEqual([false, true])
})
