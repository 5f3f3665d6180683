/** Ten pushes in a burst, in each execution mode of a pipeline. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
  PutApprovalResultCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'

const DROPS = 'burst-drops-111111111111'
const SITE = 'burst-site-222222222222'
const DEV = { account: '222222222222', region: 'us-east-1' }
const PUSHES = 10

const FLEET = `
fleet: burst
hub: { account: "111111111111", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
defaults:
  source: { s3: { bucket: ${DROPS}, key: site.zip } }
  deploy: [{ s3: { bucket: ${SITE}, key: "\${pipeline}" } }]
  stages: [dev]
pipelines:
  superseded: { stages: [{ environment: dev, approve: true }] }
  queued: { executionMode: QUEUED }
  parallel: { executionMode: PARALLEL }
`

let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
let folder: string
const bugs: unknown[] = []

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  folder = mkdtempSync(join(tmpdir(), 'crossdock-burst-'))
  writeFileSync(join(folder, 'crossdock.yaml'), FLEET)
  fleet = await loadFleet(join(folder, 'crossdock.yaml'))
  accounts = new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  await makeBuckets()
  await push(0)
  await deployQuietly(synthesize(fleet), accounts)
  await allOf('burst-queued', (found) => found.length === 1 && hasEnded(found[0]!))
  await allOf('burst-parallel', (found) => found.length === 1 && hasEnded(found[0]!))
  await waiting('burst-superseded')
  for (let number = 1; number <= PUSHES; number++) await push(number)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

async function makeBuckets(): Promise<void> {
  const s3 = await accounts.client(S3Client, fleet.hub)
  await s3.send(new CreateBucketCommand({ Bucket: DROPS }))
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await s3.send(new PutBucketVersioningCommand({ Bucket: DROPS, VersioningConfiguration }))
  const NotificationConfiguration = { EventBridgeConfiguration: {} }
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: DROPS, NotificationConfiguration }))
  const there = await accounts.client(S3Client, DEV)
  await there.send(new CreateBucketCommand({ Bucket: SITE }))
}

async function push(number: number): Promise<void> {
  const s3 = await accounts.client(S3Client, fleet.hub)
  const Body = zipSync({ 'number.txt': strToU8(String(number)) })
  await s3.send(new PutObjectCommand({ Bucket: DROPS, Key: 'site.zip', Body }))
}

/** The number of the push that a pipeline deployed last. */
async function deployed(pipeline: string): Promise<string | undefined> {
  const s3 = await accounts.client(S3Client, DEV)
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: SITE, Key: `${pipeline}/number.txt` }))
  return Body?.transformToString()
}

const hasEnded = ({ status }: PipelineExecutionSummary): boolean => status !== 'InProgress'

/** Executions of a pipeline, oldest first, once they are as wanted. */
async function allOf(
  pipelineName: string,
  wanted: (found: readonly PipelineExecutionSummary[]) => boolean,
): Promise<PipelineExecutionSummary[]> {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  const end = Date.now() + 45_000
  for (;;) {
    const { pipelineExecutionSummaries: found = [] } = await client.send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    )
    if (wanted(found)) return found.reverse()
    if (Date.now() > end) throw new Error(`${pipelineName} stays ${statuses(found).join(', ')}`)
    await sleep(20)
  }
}

/** The token of the approval that waits. */
async function waiting(name: string, before?: string): Promise<string> {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  const end = Date.now() + 45_000
  for (;;) {
    const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name }))
    const token = stageStates
      .at(-1)!
      .actionStates!.flatMap(({ latestExecution }) => latestExecution?.token ?? [])[0]
    if (token && token !== before) return token
    if (Date.now() > end) throw new Error(`no approval of ${name} waits`)
    await sleep(20)
  }
}

async function approve(pipelineName: string, token: string): Promise<void> {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  await client.send(
    new PutApprovalResultCommand({
      pipelineName,
      stageName: 'dev',
      actionName: 'approve',
      token,
      result: { status: 'Approved', summary: 'go' },
    }),
  )
}

const statuses = (found: readonly PipelineExecutionSummary[]) => found.map(({ status }) => status)

test('in mode SUPERSEDED the last push overtakes those that wait, and not the one at work', {
  timeout: 60_000,
}, async () => {
  const name = 'burst-superseded'
  const first = await waiting(name)
  const superseded = Array.from({ length: PUSHES - 1 }, () => 'Superseded')
  await allOf(name, (found) => found.filter(({ status }) => status === 'Superseded').length === PUSHES - 1)
  await approve(name, first)
  await approve(name, await waiting(name, first))
  const found = await allOf(name, (all) => all.every(hasEnded))
  expect(statuses(found)).toEqual(['Succeeded', ...superseded, 'Succeeded'])
  expect(await deployed('superseded')).toBe(String(PUSHES))
})

test('in mode QUEUED every push is deployed, one after another', { timeout: 60_000 }, async () => {
  const found = await allOf('burst-queued', (all) => all.length === PUSHES + 1 && all.every(hasEnded))
  expect(statuses(found)).toEqual(Array.from({ length: PUSHES + 1 }, () => 'Succeeded'))
  const ends = found.map(({ lastUpdateTime }) => lastUpdateTime!.getTime())
  expect(ends).toEqual(ends.toSorted((one, other) => one - other))
  expect(await deployed('queued')).toBe(String(PUSHES))
})

test('in mode PARALLEL every push is deployed by itself', { timeout: 60_000 }, async () => {
  const found = await allOf('burst-parallel', (all) => all.length === PUSHES + 1 && all.every(hasEnded))
  expect(statuses(found)).toEqual(Array.from({ length: PUSHES + 1 }, () => 'Succeeded'))
})
