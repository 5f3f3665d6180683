/** tests/golden/platform: bounded roles under names of their own, values in places, a pipeline that starts after another. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CodePipelineClient,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { check } from '../../src/cli/commands/check.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { runCommand } from '../run-command.ts'
import { deployQuietly } from './deploy-quietly.ts'

const FOLDER = resolve('tests', 'golden', 'platform')
const FILE = join(FOLDER, 'crossdock.yaml')
const BUCKET = 'platform-drops-111111111111'

let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
const bugs: unknown[] = []

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  fleet = await loadFleet(FILE)
  accounts = new Accounts(accountsOfFleet(fleet), {
    endpoint: cloud.endpoint,
  })
  await drop()
  await deployQuietly(synthesize(fleet), accounts)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  expect(bugs).toEqual([])
})

/** Makes the bucket of the sources and puts each pipeline's zip file there. */
async function drop(): Promise<void> {
  const s3 = await accounts.client(S3Client, fleet.hub)
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: BUCKET,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  )
  const Body = zipSync({ 'topic.yaml': strToU8(readFileSync(join(FOLDER, 'topic.yaml'), 'utf8')) })
  for (const { id } of fleet.pipelines)
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${id}.zip`, Body }))
}

const nameOf = (id: string) => `${fleet.name}-${id}`

/** Executions of a pipeline, newest first, once so many have ended. */
async function ended(pipelineName: string, count: number) {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  for (;;) {
    const { pipelineExecutionSummaries: found = [] } = await client.send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    )
    if (found.length >= count && found.every(({ status }) => status !== 'InProgress')) return found
    await sleep(20)
  }
}

test('everything that it does is proven', async () => {
  const { status, text } = await runCommand(check, { fleet: FILE })
  expect(text).toMatch(/(\d+) of \1 permissions proven/)
  expect(status).toBe(0)
})

test('the second pipeline starts by itself once, and once more after the first', {
  timeout: 60_000,
}, async () => {
  const [base] = await ended(nameOf('base'), 1)
  expect(base).toMatchObject({ status: 'Succeeded' })
  const [created] = (await ended(nameOf('app-that-comes-after'), 1)).reverse()
  expect(created).toMatchObject({ trigger: { triggerType: 'CreatePipeline' } })
  // The first may have succeeded before there was anything to start.
  const before = (await ended(nameOf('app-that-comes-after'), 1)).length
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  await client.send(new StartPipelineExecutionCommand({ name: nameOf('base') }))
  await ended(nameOf('base'), 2)
  const after = await ended(nameOf('app-that-comes-after'), before + 1)
  expect(after[0]).toMatchObject({ trigger: { triggerType: 'CloudWatchEvent' }, status: 'Succeeded' })
})

test('each place has its values, and a variable its default', async () => {
  const place = async (account: string, region: string) => {
    const client = await accounts.client(SNSClient, { account, region })
    const { Topics = [] } = await client.send(new ListTopicsCommand({}))
    const names = await Promise.all(
      Topics.map(({ TopicArn }) => client.send(new GetTopicAttributesCommand({ TopicArn }))),
    )
    return names.map(({ Attributes }) => Attributes?.DisplayName).sort()
  }
  expect(await place('222222222222', 'us-east-1')).toEqual(['small base', 'small routine'])
  expect(await place('444444444444', 'us-east-1')).toEqual(['medium base', 'medium routine'])
  expect(await place('444444444444', 'ap-southeast-2')).toEqual(['large base', 'large routine'])
})

test('nobody was denied anything', () => {
  const denied = cloud.trail.entries().filter(({ decision }) => decision.effect !== 'allowed')
  expect(denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
})
