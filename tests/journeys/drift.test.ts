/** `crossdock drift`: what somebody changed by hand is found in every account, and what is in no file is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { deploy } from '../../src/cli/commands/deploy.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { drift } from '../../src/cli/commands/drift.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { runCommand } from '../run-command.ts'

const [HUB, DEV] = ['111111111111', '222222222222'] as const
const hub = { account: HUB, region: 'us-east-1' }
const dev = { account: DEV, region: 'us-east-1' }
const folder = mkdtempSync(join(tmpdir(), 'crossdock-drift-'))
const fleet = join(folder, 'crossdock.yaml')
const write = (pipeline: string) =>
  writeFileSync(
    fleet,
    `fleet: drift
hub: { account: "${HUB}", region: us-east-1 }
environments: { dev: { account: "${DEV}", regions: [us-east-1] } }
pipelines:
  ${pipeline}:
    source: { github: acme/news }
    deploy: [{ cloudformation: { template: template.yaml, stack: news } }]
    stages: [dev]
`,
  )

const bugs: unknown[] = []
let cloud: Cloud
let accounts: Accounts

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), 'Resources: { Topic: { Type: "AWS::SNS::Topic" } }')
  write('news')
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  process.env.CROSSDOCK_CLOUD_SECRET = cloud.secret
  accounts = new Accounts([HUB, DEV].map((account) => ({ name: account, account })))
  expect((await runCommand(deploy, { fleet })).status).toBe(0)
})
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.CROSSDOCK_CLOUD_SECRET
  accounts?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

test('what was deployed is in sync', async () => {
  const { text, status } = await runCommand(drift, { fleet, exitStatus: true })
  expect(text).toBe('3 stacks: 3 in sync, 0 drifted')
  expect(status).toBe(0)
})

test('a policy put on a role, one attached to it, and a bucket’s policy deleted by hand are told', async () => {
  const iam = await accounts.client(IAMClient, dev)
  const RoleName = 'crossdock-drift-news-deploy'
  const PolicyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'by-hand', PolicyDocument }))
  const s3 = await accounts.client(S3Client, hub)
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: 'crossdock-drift-news-111111111111-us-east-1' }))
  const { text, status } = await runCommand(drift, { fleet, exitStatus: true })
  expect(text).toMatch(
    /crossdock-drift-news-access 222222222222 us-east-1 +drifted\n +~ DeployRole AWS::IAM::Role modified\n +\/Policies\/1: is \{"PolicyName":"by-hand".*, which the template does not have/,
  )
  expect(text).toMatch(
    /crossdock-drift-news 111111111111 us-east-1 +drifted\n +- ArtifactBucketPolicy AWS::S3::BucketPolicy deleted/,
  )
  expect(text).toContain('3 stacks: 1 in sync, 2 drifted')
  expect(status).toBe(1)
  const client = await accounts.client(CloudFormationClient, dev)
  const { Stacks = [] } = await client.send(
    new DescribeStacksCommand({ StackName: 'crossdock-drift-news-access' }),
  )
  expect(Stacks[0]?.DriftInformation?.StackDriftStatus).toBe('DRIFTED')
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'by-hand' }))
})

test('what no template sets is not compared, as on AWS; applications are looked at when asked', async () => {
  const iam = await accounts.client(IAMClient, dev)
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'crossdock-drift-news-deploy', PolicyArn }))
  const { text } = await runCommand(drift, { fleet, applications: true, json: true })
  const { stacks } = JSON.parse(text)
  expect(stacks.map(({ stack, status }: Record<string, string>) => `${stack} ${status}`).sort()).toEqual([
    'crossdock-drift-hub in sync',
    'crossdock-drift-news drifted',
    'crossdock-drift-news-access in sync',
    'news unknown',
  ])
})

test('doctor takes it in', async () => {
  const { text } = await runCommand(doctor, { fleet, drift: true })
  expect(text).toContain('3 stacks: 2 in sync, 1 drifted')
  const { drift: document } = JSON.parse((await runCommand(doctor, { fleet, drift: true, json: true })).text)
  expect(document.stacks).toHaveLength(3)
})

test('what is in no file any more is named, and looked at as well', async () => {
  write('later')
  const { text, status } = await runCommand(drift, { fleet, exitStatus: true })
  expect(text).toMatch(/still fires the pipeline drift-news/)
  expect(status).toBe(1)
})
