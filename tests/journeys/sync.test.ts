/** `crossdock sync`: accounts of organizational units into the lock, and what is told of a lock that is behind. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateOrganizationalUnitCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check } from '../../src/cli/commands/check.ts'
import { sync } from '../../src/cli/commands/sync.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { runCommand } from '../run-command.ts'

const MANAGEMENT = '999999999999'
const [TEST, LIVE, FROZEN, DEEP] = ['222222222222', '333333333333', '444444444444', '555555555555'] as const
const folder = mkdtempSync(join(tmpdir(), 'crossdock-sync-'))
const fleet = join(folder, 'crossdock.yaml')
const lock = join(folder, 'crossdock.lock.yaml')
const FILE = `fleet: acme
hub: { account: 111111111111, region: us-east-1 }
organization: { management: { account: ${MANAGEMENT} } }
environments:
  test: { organizationalUnit: /workloads/test, regions: [us-east-1] }
  prod: { organizationalUnit: /workloads/prod, except: [${FROZEN}], regions: [us-east-1, eu-west-1] }
pipelines:
  site:
    source: { github: acme/site }
    deploy: [{ s3: { bucket: "site-\${account}-\${region}" } }]
    stages: [test, prod]
`

let cloud: Cloud
let client: OrganizationsClient
const unit: Record<string, string> = { '': 'r-dock' }

beforeAll(async () => {
  cloud = await startCloud({
    managementAccount: MANAGEMENT,
    accounts: [MANAGEMENT, '111111111111', TEST, LIVE, FROZEN, DEEP],
  })
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
  client = new OrganizationsClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: MANAGEMENT, secretAccessKey: cloud.secret },
  })
  for (const path of ['/workloads', '/workloads/test', '/workloads/prod', '/workloads/prod/deep']) {
    const Name = path.split('/').at(-1)!
    const ParentId = unit[path.slice(0, path.lastIndexOf('/'))]!
    const { OrganizationalUnit } = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))
    unit[path] = OrganizationalUnit!.Id!
  }
  await move(TEST, '/workloads/test')
  await move(LIVE, '/workloads/prod')
  await move(FROZEN, '/workloads/prod')
  writeFileSync(fleet, FILE)
})
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  client?.destroy()
  await cloud?.stop()
  rmSync(folder, { recursive: true })
})

const move = (AccountId: string, to: string, from = '') =>
  client.send(
    new MoveAccountCommand({ AccountId, SourceParentId: unit[from]!, DestinationParentId: unit[to]! }),
  )
const told = (command: typeof sync, options = {}) => runCommand(command, { fleet, ...options })
const accountsOf = async (name: string) =>
  (await loadFleet(fleet)).environments
    .find((one) => one.name === name)!
    .accounts.map(({ account }) => account)

test('without a lock the fleet says what to run', async () => {
  await expect(told(check)).rejects.toThrow(
    /crossdock\.yaml:5:31: crossdock\.lock\.yaml does not hold the accounts of \/workloads\/test for test\n {2}fix: run `crossdock sync`/,
  )
})

test('sync writes the accounts of the units, and what is left out stays out', async () => {
  expect((await told(sync, { check: true })).status).toBe(1)
  const { status, text } = await told(sync)
  expect(status).toBe(0)
  expect(text).toBe(
    `+ test: account ${TEST}\n+ prod: account ${LIVE}\n+ prod: account ${FROZEN}\n${lock} is written`,
  )
  expect(readFileSync(lock, 'utf8')).toMatch(
    /^# What the patterns of crossdock\.yaml stand for\.[\s\S]*\nenvironments:\n {2}prod:\n {4}accounts:\n {6}"333333333333": "333333333333"\n/,
  )
  expect(await told(sync, { check: true })).toEqual({ status: 0, text: `${lock} is up to date` })
  expect(await accountsOf('prod')).toEqual([LIVE])
  expect((await told(check)).status).toBe(0)
})

test('an account that comes into a unit is deployed to after a sync, with roles and a place in the stage', async () => {
  await move(DEEP, '/workloads/prod/deep')
  expect(await accountsOf('prod')).toEqual([LIVE])
  expect((await told(sync, { check: true })).text).toBe(`+ prod: account ${DEEP}\n${lock} would change`)
  expect((await told(sync)).status).toBe(0)
  expect(await accountsOf('prod')).toEqual([LIVE, DEEP])
  const { waves, pipelines } = synthesize(await loadFleet(fleet))
  expect(waves[0]!.filter(({ name }) => name.endsWith('access')).map(({ target }) => target.account)).toEqual(
    [TEST, LIVE, DEEP],
  )
  expect(
    pipelines[0]!.declaration.stages
      .at(-1)!
      .actions.map(({ region, configuration }) => [configuration?.BucketName, region]),
  ).toEqual(
    [LIVE, DEEP].flatMap((account) =>
      ['us-east-1', 'eu-west-1'].map((region) => [`site-${account}-${region}`, region]),
    ),
  )
  expect((await told(check)).status).toBe(0)
})

test('only accounts with the tags count, and a pattern that changed is behind', async () => {
  await client.send(new TagResourceCommand({ ResourceId: DEEP, Tags: [{ Key: 'stage', Value: 'live' }] }))
  writeFileSync(fleet, FILE.replace(`except: [${FROZEN}]`, 'accountTags: { stage: live }'))
  await expect(loadFleet(fleet)).rejects.toThrow(/does not hold the accounts of \/workloads\/prod for prod/)
  expect((await told(sync)).text).toContain(`- prod: account ${LIVE}`)
  expect(await accountsOf('prod')).toEqual([DEEP])
})

test.each([
  [
    '/workloads/prod,',
    '/workloads/prd,',
    /crossdock\.yaml:6:31: there is no organizational unit `prd` in \/workloads\n {2}fix: write `\/workloads\/prod`/,
  ],
  [
    '/workloads/test,',
    `${'ou-dock-00000000'},`,
    /crossdock\.yaml:5:31: there is no organizational unit ou-dock-00000000\n {2}fix: name one that is there/,
  ],
  [
    `organization: { management: { account: ${MANAGEMENT} } }\n`,
    '',
    /nothing says who may read it\n {2}fix: add `organization:/,
  ],
  [
    `account: ${MANAGEMENT}`,
    `account: ${TEST}`,
    /crossdock\.yaml:5:31: account 222222222222 may not read the organization: You don't have permissions.*\n {2}fix: name the management account in `organization\.management`/,
  ],
])('%s → %s is told by sync', async (find, put, message) => {
  writeFileSync(fleet, FILE.replace(find, put))
  await expect(told(sync).catch(String)).resolves.toMatch(message)
})

test('where no pattern is left the lock goes', async () => {
  writeFileSync(
    fleet,
    FILE.replace(/ {2}prod: .*\n/, '')
      .replace('organizationalUnit: /workloads/test', `account: ${TEST}`)
      .replace(', prod]', ']'),
  )
  expect((await told(sync)).status).toBe(0)
  expect(() => readFileSync(lock)).toThrow(/ENOENT/)
  expect((await told(sync)).text).toBe(`${lock} is up to date`)
})
