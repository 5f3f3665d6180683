/**
 * A fleet on what stands already: a key, a bucket and roles that its owners gave exactly what `check` printed; a repository
 * and parameters that the fleet makes. IAM is enforced.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CodeCommitClient, PutFileCommand } from '@aws-sdk/client-codecommit'
import {
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isFailed, prove, readAssembly } from '../../src/access/index.ts'
import { Accounts } from '../../src/aws/index.ts'
import type { Command } from '../../src/cli/command.ts'
import { check } from '../../src/cli/commands/check.ts'
import { deploy as deployCommand } from '../../src/cli/commands/deploy.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, parseFleet } from '../../src/fleet/index.ts'
import type { Assembly, PolicyStatement } from '../../src/model/index.ts'
import type { ExecutionState } from '../../src/operate/index.ts'
import { executionPolicies, synthesize } from '../../src/synth/index.ts'
import { type CommandOptions, runCommand } from '../run-command.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { followNext } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const DEV = { account: '222222222222', region: 'us-east-1' }
const TEMPLATE = `
Parameters:
  Size: { Type: "AWS::SSM::Parameter::Value<String>", Default: /acme/size }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: orders, DisplayName: !Ref Size } }
Outputs:
  Size: { Value: !Ref Size }
`
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`

const fleetText = (key: string) => `
fleet: acme
hub: { account: "111111111111", region: us-east-1, keys: { us-east-1: "${key}" }, buckets: { us-east-1: acme-artifacts } }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
repositories: { app: { mirror: gitlab acme/app } }
parameters: { /acme/size: { value: "\${environment} large", environments: [hub, dev] } }
pipelines:
  orders:
    source: { codecommit: app }
    roles:
      pipeline: ${role(HUB.account, 'delivery')}
      deploy: "${role('${account}', 'deployer')}"
      cloudformation: "${role('${account}', 'stacks')}"
    deploy: [{ cloudformation: { template: template.yaml, stack: orders, terminationProtection: true } }]
    stages: [dev]
    notify: [ops@acme.example]
`

const folder = mkdtempSync(join(tmpdir(), 'crossdock-existing-'))
const bugs: unknown[] = []
let cloud: Cloud
let accounts: Accounts
let fleet: Fleet
let assembly: Assembly
let state: ExecutionState
let keyPolicy: string | undefined
let bucketPolicy: string | undefined

/** The statements that a warning about something prints, as JSON in its fix. */
function printed(about: string): PolicyStatement[] {
  const all = assembly.existing!.flatMap(({ told }) => told)
  const warning = all.find(({ message }) => message.includes(about))!
  return statementsIn(String(warning))
}

function statementsIn(text: string): PolicyStatement[] {
  const found: PolicyStatement[] = []
  for (let at = text.indexOf('{"'); at >= 0; at = text.indexOf('{"', at)) {
    let depth = 0
    let end = at
    do {
      if (text[end] === '{') depth++
      if (text[end] === '}') depth--
      end++
    } while (depth > 0)
    found.push(JSON.parse(text.slice(at, end)) as PolicyStatement)
    at = end
  }
  return found
}

const document = (Statement: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })

/** What a role's warning prints: statements with a principal are of its trust policy. */
async function grantRole(account: string, name: string): Promise<void> {
  const iam = await accounts.client(IAMClient, { account, region: 'us-east-1' })
  const statements = printed(`the role ${role(account, name)} `)
  const own = statements.filter((one) => !one.Principal)
  const trust = statements.filter((one) => one.Principal)
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document(trust) }))
  const ofStacks = executionPolicies(fleet).filter((one) => one.role === role(account, name))
  for (const [index, policy] of [
    ...(own.length ? [document(own)] : []),
    ...ofStacks.map((one) => JSON.stringify(one.policy)),
  ].entries())
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: `printed${index}`, PolicyDocument: policy }),
    )
}

async function makeRole(account: string, name: string): Promise<void> {
  const iam = await accounts.client(IAMClient, { account, region: 'us-east-1' })
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: document([
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' },
      ]),
    }),
  )
}

beforeAll(async () => {
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  const draft = parseFleet(
    fleetText('arn:aws:kms:us-east-1:111111111111:key/1'),
    join(folder, 'crossdock.yaml'),
  )
  accounts = new Accounts(accountsOfFleet(draft), { endpoint: cloud.endpoint })
  const kms = await accounts.client(KMSClient, HUB)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.KeyId!
  writeFileSync(join(folder, 'crossdock.yaml'), fleetText(KeyMetadata!.Arn!))
  fleet = parseFleet(fleetText(KeyMetadata!.Arn!), join(folder, 'crossdock.yaml'))
  assembly = synthesize(fleet)
  for (const [account, name] of [
    [HUB.account, 'delivery'],
    [DEV.account, 'deployer'],
    [DEV.account, 'stacks'],
  ] as const) {
    await makeRole(account, name)
    await grantRole(account, name)
  }
  const administration: PolicyStatement = {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: [
      'kms:PutKeyPolicy',
      'kms:GetKeyPolicy',
      'kms:DescribeKey',
      'kms:ListGrants',
      'kms:ListResourceTags',
      'kms:GetKeyRotationStatus',
    ],
    Resource: '*',
  }
  keyPolicy = document([administration, ...printed('the policy of the key')])
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: keyPolicy }))
  const s3 = await accounts.client(S3Client, HUB)
  await s3.send(new CreateBucketCommand({ Bucket: 'acme-artifacts' }))
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: 'acme-artifacts',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  )
  bucketPolicy = document(printed('the policy of the bucket'))
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'acme-artifacts', Policy: bucketPolicy }))
  await deployQuietly(assembly, accounts)
  const commits = await accounts.client(CodeCommitClient, HUB)
  state = await followNext(accounts, HUB, 'acme-orders', async () => {
    await commits.send(
      new PutFileCommand({
        repositoryName: 'app',
        branchName: 'main',
        filePath: 'template.yaml',
        fileContent: Buffer.from(TEMPLATE),
        name: 'Ada',
        email: 'ada@acme.example',
      }),
    )
  })
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

test('the proof denies nothing, and leaves to the live accounts what stands already', () => {
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(isFailed)).toEqual([])
})

test('a commit to the fleet’s own repository ships, with what was printed and nothing more', async () => {
  expect(state.stages.flatMap(({ actions }) => actions.flatMap(({ error }) => error ?? []))).toEqual([])
  expect(state.status).toBe('Succeeded')
  const client = await accounts.client(CloudFormationClient, DEV)
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'orders' }))
  expect(Stacks![0]!.EnableTerminationProtection).toBe(true)
  expect(Stacks![0]!.Outputs).toMatchObject([{ OutputKey: 'Size', OutputValue: 'dev large' }])
  const denied = cloud.trail.entries().filter(({ decision }) => decision.effect !== 'allowed')
  expect(denied.map(({ decision }) => decision.message)).toEqual([])
})

test('what stood before stands as it was', async () => {
  const kms = await accounts.client(KMSClient, HUB)
  const KeyId = fleet.keys['us-east-1']!.name
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
  expect(JSON.parse(Policy!)).toEqual(JSON.parse(keyPolicy!))
  const s3 = await accounts.client(S3Client, HUB)
  const bucket = await s3.send(new GetBucketPolicyCommand({ Bucket: 'acme-artifacts' }))
  expect(JSON.parse(bucket.Policy!)).toEqual(JSON.parse(bucketPolicy!))
  const iam = await accounts.client(IAMClient, DEV)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'deployer' }))
  expect(Role!.Tags ?? []).toEqual([])
})

test('the mirror’s user has one policy, and no credentials', async () => {
  const iam = await accounts.client(IAMClient, HUB)
  const { PolicyNames } = await iam.send(
    new ListUserPoliciesCommand({ UserName: 'crossdock-acme-app-mirror' }),
  )
  expect(PolicyNames).toEqual(['crossdock'])
})

/** Runs a command of a user who reaches the accounts. */
async function running(command: Command, options: CommandOptions): Promise<{ status: number; text: string }> {
  process.env.AWS_ENDPOINT_URL = cloud.endpoint
  try {
    return await runCommand(command, { fleet: join(folder, 'crossdock.yaml'), ...options })
  } finally {
    delete process.env.AWS_ENDPOINT_URL
  }
}

test('doctor proves the roles, the key and the bucket as they live', async () => {
  const { status, text } = await running(doctor, { pipeline: 'orders' })
  expect(text).toMatch(/(\d+) of \1 permissions proven/)
  expect(status).toBe(0)
})

test('so does a check that may look, and one that may not says what they must have', async () => {
  const live = await running(check, { live: true, strict: true })
  expect(live.text).not.toContain('as it stands')
  expect(live.status).toBe(0)
  const blind = await running(check, { strict: true })
  expect(blind.text).toContain('the policy of the key')
  expect(blind.status).toBe(1)
})

test('what an existing policy lacks is told with the statement, and nothing is deployed', async () => {
  const kms = await accounts.client(KMSClient, HUB)
  const KeyId = fleet.keys['us-east-1']!.name
  const { Statement } = JSON.parse(keyPolicy!) as { Statement: PolicyStatement[] }
  const lacking = document(Statement.filter(({ Sid }) => !Sid?.startsWith('Targets')))
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: lacking }))
  try {
    const { status, text } = await running(deployCommand, {})
    expect(status).toBe(1)
    expect(text).toContain(KeyId)
    expect(text).toMatch(/kms:Decrypt[\s\S]*222222222222/)
  } finally {
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: keyPolicy! }))
  }
})
