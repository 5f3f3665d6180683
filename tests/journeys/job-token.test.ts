/** A job of another CI has a token of its provider and nothing else: with it, it drops its artifact, which starts the pipeline. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { token } from '../../src/cli/commands/token.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { outputOf } from '../../src/deploy/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { runCommand } from '../run-command.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { followNext } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const DEV = { account: '222222222222', region: 'us-east-1' }
const FILE = `fleet: jobs
hub: { account: "${HUB.account}", region: ${HUB.region} }
environments: { dev: { account: "${DEV.account}", regions: [${DEV.region}] } }
pipelines:
  topics:
    source: { s3: { writers: [ { github: acme/topics } ] } }
    deploy: [ { cloudformation: { template: template.yaml } } ]
    stages: [dev]
`
const TEMPLATE = 'Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: shipped } } }'
/** What the account has once, for whoever trusts the issuer. */
const PROVIDER = `Resources:
  GitHub:
    Type: AWS::IAM::OIDCProvider
    Properties: { Url: "https://token.actions.githubusercontent.com", ClientIdList: [sts.amazonaws.com] }
`
const BUCKET = 'crossdock-jobs-drops-111111111111-us-east-1'
const folder = mkdtempSync(join(tmpdir(), 'crossdock-jobs-'))
const bugs: unknown[] = []
let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
let role: string

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  writeFileSync(join(folder, 'crossdock.yaml'), FILE)
  fleet = await loadFleet(join(folder, 'crossdock.yaml'))
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  accounts = new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  const stacks = await accounts.client(CloudFormationClient, HUB)
  await stacks.send(new CreateStackCommand({ StackName: 'issuers', TemplateBody: PROVIDER }))
  const pace = { client: stacks, maxWaitTime: 30, minDelay: 0.02, maxDelay: 0.05 }
  await waitUntilStackCreateComplete(pace, { StackName: 'issuers' })
  await deployQuietly(synthesize(fleet), accounts)
  const place = { stack: 'crossdock-jobs-topics', target: HUB }
  role = (await outputOf(accounts, { ...place, output: 'DropRole' })) ?? ''
})
afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true })
  expect(bugs).toEqual([])
})

const tokenFor = async (subject: string): Promise<string> => {
  const asked = { issuer: 'token.actions.githubusercontent.com', subject, audience: 'sts.amazonaws.com' }
  const { text } = await runCommand(token, { ...asked, endpoint: cloud.endpoint })
  return text
}

/** The job has no credentials: the token is all that it shows. */
const assumed = async (subject: string): Promise<S3Client> => {
  const sts = new STSClient({ region: HUB.region, endpoint: cloud.endpoint })
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role,
      RoleSessionName: 'job',
      WebIdentityToken: await tokenFor(subject),
    }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return new S3Client({
    region: HUB.region,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  })
}

const artifact = zipSync({ 'template.yaml': strToU8(TEMPLATE) })
const drop = (s3: S3Client, Key: string) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: artifact }))

test('a job of the branch drops it, and the pipeline ships it', { timeout: 60_000 }, async () => {
  const s3 = await assumed('repo:acme/topics:ref:refs/heads/main')
  const state = await followNext(accounts, HUB, 'jobs-topics', async () => {
    await drop(s3, 'topics/source.zip')
  })
  expect(state.status).toBe('Succeeded')
  const sns = await accounts.client(SNSClient, DEV)
  const { Topics } = await sns.send(new ListTopicsCommand({}))
  expect(Topics).toEqual([{ TopicArn: 'arn:aws:sns:us-east-1:222222222222:shipped' }])
  const denied = cloud.trail.entries().filter(({ decision }) => decision.effect !== 'allowed')
  expect(denied.map(({ decision }) => decision.message)).toEqual([])
})

test('it may put nothing else, and a job of another branch or repository nothing', async () => {
  const s3 = await assumed('repo:acme/topics:ref:refs/heads/main')
  await expect(drop(s3, 'topics/other.zip')).rejects.toMatchObject({ name: 'AccessDenied' })
  for (const subject of ['repo:acme/topics:ref:refs/heads/feature', 'repo:evil/topics:ref:refs/heads/main'])
    await expect(assumed(subject)).rejects.toMatchObject({
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    })
})
