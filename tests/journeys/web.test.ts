/** examples/web: an upload to the source bucket starts the pipeline, and its files land in the buckets of dev and prod. */
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import type { Target } from '../../src/model/index.ts'
import { declarationOf, type ExecutionState, executionState, executions } from '../../src/operate/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { dropSite, makeBuckets, sites } from './drop-site.ts'

const FOLDER = resolve('examples', 'web')

let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
const bugs: unknown[] = []

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  fleet = await loadFleet(join(FOLDER, 'crossdock.yaml'))
  accounts = new Accounts(accountsOfFleet(fleet), {
    endpoint: cloud.endpoint,
  })
  await makeBuckets(accounts, fleet)
  await deployQuietly(synthesize(fleet), accounts)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  expect(bugs).toEqual([])
})

const siteBucket = ({ account, region }: Target) => `web-site-${account}-${region}`

/** The executions so far, oldest first, once there are so many and all have ended. */
async function endedExecutions(count: number): Promise<ExecutionState[]> {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  const declaration = await declarationOf(client, 'web-web')
  for (;;) {
    const found = (await executions(client, 'web-web')).reverse()
    const states = await Promise.all(
      found.map((one) => executionState(client, declaration, fleet.hub, one.pipelineExecutionId ?? '')),
    )
    const ended = states.filter((one) => one !== undefined && one.status !== 'InProgress') as ExecutionState[]
    if (found.length >= count && ended.length === found.length) return ended
    await sleep(20)
  }
}

async function page({ account, region }: Target): Promise<string | undefined> {
  const s3 = await accounts.client(S3Client, { account, region })
  const found = await s3.send(
    new GetObjectCommand({ Bucket: siteBucket({ account, region }), Key: 'index.html' }),
  )
  return found.Body?.transformToString()
}

test('without an upload there is nothing to ship', { timeout: 30_000 }, async () => {
  const [first] = await endedExecutions(1)
  expect(first?.status).toBe('Failed')
  const [source] = first!.stages.flatMap((stage) => stage.actions)
  expect(source?.error?.message).toMatch(/does not exist/)
})

test('an upload starts the pipeline once and lands in every bucket', { timeout: 30_000 }, async () => {
  await dropSite(accounts, fleet)
  const states = await endedExecutions(2)
  expect(states.map((one) => one.status)).toEqual(['Failed', 'Succeeded'])
  for (const site of sites(fleet)) {
    expect(await page(site)).toContain('Put here by a pipeline')
    const s3 = await accounts.client(S3Client, site)
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: siteBucket(site) }))
    expect(Contents.map((one) => one.Key)).toEqual(['index.html', 'style/page.css'])
  }
})

test('a second upload replaces the first', { timeout: 30_000 }, async () => {
  await dropSite(accounts, fleet, { from: 'Put here', to: 'Left here' })
  expect((await endedExecutions(3)).map((one) => one.status)).toEqual(['Failed', 'Succeeded', 'Succeeded'])
  for (const site of sites(fleet)) expect(await page(site)).toContain('Left here by a pipeline')
})

test('nobody was denied anything', async () => {
  const denied = cloud.trail.entries().filter(({ decision }) => decision.effect !== 'allowed')
  expect(denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
})
