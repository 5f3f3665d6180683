/** tests/golden/supply: sources that others drop, one of which starts; artifacts by name; a source of another account. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsCommand,
  ListBuildsForProjectCommand,
} from '@aws-sdk/client-codebuild'
import { CodeCommitClient, CreateCommitCommand, CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { check } from '../../src/cli/commands/check.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { addressed, gitClient } from '../conformance/codecommit/git-client.ts'
import { runCommand } from '../run-command.ts'
import { deployQuietly } from './deploy-quietly.ts'

const FOLDER = resolve('tests', 'golden', 'supply')
const FILE = join(FOLDER, 'crossdock.yaml')
const DROPS = 'crossdock-supply-drops-111111111111-us-east-1'
const CACHE = 'crossdock-supply-orders-cache-111111111111-us-east-1'
const DEV = { account: '222222222222', region: 'us-east-1' }
const PROD = ['us-east-1', 'eu-west-1'].map((region) => ({ account: '444444444444', region }))
const BRANCH = 'release/1.2'

let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
let writer: S3Client
const bugs: unknown[] = []

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  fleet = await loadFleet(FILE)
  accounts = new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  writer = await makeWriter()
  await makeSettings()
  const codecommit = await accounts.client(CodeCommitClient, DEV)
  await codecommit.send(new CreateRepositoryCommand({ repositoryName: 'legacy' }))
  await deployQuietly(synthesize(fleet), accounts)
}, 60_000)

afterAll(async () => {
  writer?.destroy()
  accounts?.close()
  await cloud?.stop()
  expect(bugs).toEqual([])
})

/** A user of the hub without a policy of its own. */
async function makeWriter(): Promise<S3Client> {
  const iam = await accounts.client(IAMClient, fleet.hub)
  await iam.send(new CreateUserCommand({ UserName: 'ci' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ci' }))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {}
  return new S3Client({
    endpoint: cloud.endpoint,
    region: fleet.hub.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
}

/** What the test of prod takes from each of its regions, and what builds of pull requests take in the hub. */
async function makeSettings(): Promise<void> {
  const hub = await accounts.client(SecretsManagerClient, fleet.hub)
  await hub.send(new CreateSecretCommand({ Name: 'read-token', SecretString: 'read' }))
  for (const place of PROD) {
    const ssm = await accounts.client(SSMClient, place)
    await ssm.send(new PutParameterCommand({ Name: '/supply/level', Value: place.region, Type: 'String' }))
    const secrets = await accounts.client(SecretsManagerClient, place)
    const SecretString = JSON.stringify({ word: 'word' })
    await secrets.send(new CreateSecretCommand({ Name: 'prod/key', SecretString }))
  }
}

const zip = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))

const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8')

const put = (Key: string, files: Readonly<Record<string, string>>) =>
  writer.send(new PutObjectCommand({ Bucket: DROPS, Key, Body: zip(files) }))

/** Executions of a pipeline, oldest first, once so many have ended. */
async function ended(pipelineName: string, count: number) {
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  for (;;) {
    const { pipelineExecutionSummaries: found = [] } = await client.send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    )
    if (found.length >= count && found.every(({ status }) => status !== 'InProgress')) return found.reverse()
    await sleep(20)
  }
}

test('everything that it does is proven', async () => {
  const { status, text } = await runCommand(check, { fleet: FILE })
  expect(text).toMatch(/(\d+) of \1 permissions proven/)
  expect(status).toBe(0)
})

test('a writer puts its objects and nothing else', async () => {
  await put('orders/code.zip', { 'index.js': 'exports.handler = async () => process.env.LEVEL' })
  await expect(put('other/code.zip', {})).rejects.toThrow(/AccessDenied|not authorized/)
  await expect(writer.send(new ListObjectsV2Command({ Bucket: DROPS }))).rejects.toThrow()
})

test('the source that starts the pipeline starts it, and both artifacts land in every place', {
  timeout: 120_000,
}, async () => {
  await put('orders/infra.zip', {
    'service.yaml': textOf('service.yaml'),
    'numbers.yml': textOf('numbers.yml'),
  })
  const [created, started, ...others] = await ended('supply-orders', 2)
  expect(created).toMatchObject({ status: 'Failed', trigger: { triggerType: 'CreatePipeline' } })
  expect(others).toEqual([])
  const client = await accounts.client(CodePipelineClient, fleet.hub)
  const { actionExecutionDetails: failed = [] } = await client.send(
    new ListActionExecutionsCommand({
      pipelineName: 'supply-orders',
      filter: { pipelineExecutionId: started?.pipelineExecutionId },
    }),
  )
  const errors = failed.flatMap(({ actionName, output }) =>
    output?.executionResult?.errorDetails
      ? [`${actionName}: ${output.executionResult.errorDetails.message}`]
      : [],
  )
  expect(errors).toEqual([])
  expect(started).toMatchObject({ status: 'Succeeded', trigger: { triggerType: 'CloudWatchEvent' } })
  for (const place of [DEV, ...PROD]) {
    const lambda = await accounts.client(LambdaClient, place)
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'orders' }))
    expect(Buffer.from(Payload ?? []).toString()).toBe('"high"')
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'orders' }))
    expect(Configuration?.Handler).toBe('index.handler')
  }
})

test('builds of a batch keep their cache, and tests ran in each region of their environment', async () => {
  const s3 = await accounts.client(S3Client, fleet.hub)
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: CACHE }))
  expect(Contents.length).toBeGreaterThan(0)
  for (const place of PROD) {
    const codebuild = await accounts.client(CodeBuildClient, place)
    const { ids = [] } = await codebuild.send(new ListBuildsCommand({}))
    expect(ids).toEqual([expect.stringMatching(/^crossdock-supply-orders-test-prod:/)])
  }
})

test('a commit in another account starts its pipeline', { timeout: 60_000 }, async () => {
  const before = (await ended('supply-legacy', 1)).length
  const codecommit = await accounts.client(CodeCommitClient, DEV)
  await codecommit.send(
    new CreateCommitCommand({
      repositoryName: 'legacy',
      branchName: BRANCH,
      putFiles: [{ filePath: 'topic.yaml', fileContent: Buffer.from(textOf('topic.yaml')) }],
    }),
  )
  const after = await ended('supply-legacy', before + 1)
  expect(after.at(-1)).toMatchObject({ status: 'Succeeded', trigger: { triggerType: 'CloudWatchEvent' } })
  const sns = await accounts.client(SNSClient, PROD[1]!)
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}))
  expect(Topics.map(({ TopicArn }) => TopicArn)).toEqual([
    expect.stringContaining(':legacy-release-1-2-Topic-'),
  ])
})

test('a pull request is built with secrets of its own, and starts no pipeline', {
  timeout: 60_000,
}, async () => {
  const url = `${cloud.endpoint}/_codeconnections/acme/site.git`
  const work = await gitClient()
  await work.commit({ 'topic.yaml': textOf('topic.yaml'), 'src/page.html': 'one' })
  await work.git('push', '--quiet', addressed(url), 'HEAD:refs/heads/main')
  const before = await ended('supply-site', 1)
  await work.commit({ 'src/page.html': 'two' })
  await work.git('push', '--quiet', addressed(url), 'HEAD:refs/heads/feature')
  const headers = { authorization: `Basic ${Buffer.from(`${fleet.hub.account}:test`).toString('base64')}` }
  await fetch(`${url}/pulls`, { headers, method: 'POST', body: JSON.stringify({ source: 'feature' }) })
  await cloud.settled()
  const codebuild = await accounts.client(CodeBuildClient, fleet.hub)
  const projectName = 'crossdock-supply-site-pull-requests'
  const { ids = [] } = await codebuild.send(new ListBuildsForProjectCommand({ projectName }))
  const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids }))
  expect(builds.map(({ buildStatus }) => buildStatus)).toEqual(['SUCCEEDED'])
  expect(await ended('supply-site', 1)).toHaveLength(before.length)
})

test('nobody but the writer was denied anything', () => {
  const denied = cloud.trail
    .entries()
    .filter(({ decision, principal }) => decision.effect !== 'allowed' && !principal.endsWith(':user/ci'))
  expect(denied.map(({ action, resource }) => `${action} ${resource}`)).toEqual([])
})
