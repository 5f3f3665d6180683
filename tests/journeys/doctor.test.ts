/** `crossdock doctor` on the live example: all holds; then one thing is broken, and it is named. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateGrantCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms'
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Diagnosis,
  diagnose,
  type FailureGroup,
  findOvergrants,
  groupFailures,
  isFailed,
  type LivePipeline,
  type Reach,
  readLivePipeline,
} from '../../src/access/index.ts'
import { writeProfiles } from '../../src/cli/cloud-profiles.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { ofAssembly } from '../../src/cli/proof-input.ts'
import { FleetError } from '../../src/model/index.ts'
import { executions, startPipeline } from '../../src/operate/index.ts'
import { type CommandOptions, runCommand } from '../run-command.ts'
import { type Example, openExample, type Shipment, ship } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const DEV = { account: '222222222222', region: 'us-east-1' }
const BUCKET = 'crossdock-hello-hello-111111111111-us-east-1'
const PATH = ':role/crossdock/crossdock-hello-hello-'
const roleIn = ({ account }: typeof HUB, name: string): string => `arn:aws:iam::${account}${PATH}${name}`

let example: Example
let shipment: Shipment
const repairs: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  shipment = await ship(example)
})
afterEach(async () => {
  for (const repair of repairs.splice(0).reverse()) await repair()
})
afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

/** Runs the command against the shipment's cloud. */
async function runDoctor(options: CommandOptions): Promise<{ status: number; printed: string }> {
  process.env.AWS_ENDPOINT_URL = shipment.cloud.endpoint
  try {
    const { status, text } = await runCommand(doctor, options)
    return { status, printed: text }
  } finally {
    delete process.env.AWS_ENDPOINT_URL
  }
}

/** Does something with profiles that lead into the cloud. */
async function withProfiles<T>(action: () => Promise<T>): Promise<T> {
  const { configFile, credentialsFile } = await writeProfiles(shipment.cloud, [HUB.account])
  process.env.AWS_CONFIG_FILE = configFile
  process.env.AWS_SHARED_CREDENTIALS_FILE = credentialsFile
  try {
    return await action()
  } finally {
    delete process.env.AWS_CONFIG_FILE
    delete process.env.AWS_SHARED_CREDENTIALS_FILE
  }
}

const further = () => ofAssembly(example.assembly).further

async function look(reach: Reach = shipment.accounts): Promise<LivePipeline & Diagnosis> {
  const furtherRoles = further().flatMap(({ needs }) => needs.map(({ principal }) => principal))
  const live = await readLivePipeline(reach, { ...HUB, name: 'hello-hello', furtherRoles })
  return { ...live, ...diagnose(live.landscape, further(), undefined) }
}

interface Document {
  Statement: { Sid?: string }[]
}

/** Gives the policy's text without one statement, which must be there. */
function without(text: string, sid: RegExp): string {
  const document = JSON.parse(text) as Document
  const kept = document.Statement.filter((one) => !sid.test(one.Sid ?? ''))
  expect(kept.length).toBeLessThan(document.Statement.length)
  return JSON.stringify({ ...document, Statement: kept })
}

/** The failure of a role's calls, which must be there. */
function failureOf(groups: readonly FailureGroup[], principal: string, action: string): FailureGroup {
  const found = groups.find((one) => one.principal === principal && one.actions.includes(action))
  expect(groups.map((one) => `${one.principal} ${one.actions}`).join('\n')).toContain(action)
  return found!
}

describe('the live pipeline', () => {
  test('holds in every edge', async () => {
    const { landscape, proof, findings, unread } = await look()
    expect(findOvergrants(landscape, proof)).toEqual([])
    expect(proof.edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
    expect(proof.edges.length).toBeGreaterThan(100)
    expect(proof.accounts).toEqual(['111111111111', '222222222222', '333333333333', '444444444444'])
    expect(findings).toEqual([])
    expect(unread).toEqual([])
  })

  test('tells which stack made what', async () => {
    const { landscape } = await look()
    expect(landscape.roles.get(roleIn(DEV, 'deploy'))?.origin).toMatchObject({
      ...DEV,
      stack: 'crossdock-hello-hello-access',
      logicalId: 'DeployRole',
    })
    expect(landscape.buckets.get(BUCKET)?.origin).toMatchObject({ ...HUB, logicalId: 'ArtifactBucket' })
  })

  test('lacks what a dropped statement of the bucket policy granted', async () => {
    const s3 = await shipment.accounts.client(S3Client, HUB)
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }))
    await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: without(Policy, /^ReadArtifacts$/) }))
    repairs.push(() => s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy })))
    const { proof } = await look()
    const { failure } = failureOf(groupFailures(proof.edges), roleIn(DEV, 'deploy'), 's3:GetObject')
    expect(failure.saidNo).toBe(`bucket policy of arn:aws:s3:::${BUCKET}`)
    expect(failure.remedies[0]).toMatchObject({
      belongsIn: `bucket policy of arn:aws:s3:::${BUCKET}`,
      origin: { stack: 'crossdock-hello-hello', logicalId: 'ArtifactBucket' },
      statement: {
        Effect: 'Allow',
        Principal: { AWS: roleIn(DEV, 'deploy') },
        Action: 's3:GetObject',
      },
    })
  })

  test('lacks what a dropped statement of the key policy granted', async () => {
    const kms = await shipment.accounts.client(KMSClient, HUB)
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}))
    const KeyId = Aliases.find(({ AliasName }) => AliasName === 'alias/crossdock-hello')?.TargetKeyId
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
    const put = (text: string) =>
      kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: text }))
    await put(without(Policy, /^TargetsUseTheKeyThroughS3$/))
    repairs.push(() => put(Policy))
    const { proof } = await look()
    const { failure } = failureOf(groupFailures(proof.edges), roleIn(DEV, 'deploy'), 'kms:Decrypt')
    const keyArn = `arn:aws:kms:us-east-1:111111111111:key/${KeyId}`
    expect(failure.saidNo).toBe(`key policy of ${keyArn}`)
    expect(failure.remedies[0]?.statement).toMatchObject({
      Principal: { AWS: roleIn(DEV, 'deploy') },
      Action: 'kms:Decrypt',
      Resource: '*',
    })
  })

  test('lacks what a dropped inline statement granted', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const named = { RoleName: 'crossdock-hello-hello-deploy', PolicyName: 'crossdock' }
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(named))
    const text = decodeURIComponent(PolicyDocument)
    const put = (document: string) =>
      iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: document }))
    await put(without(text, /^LetCloudFormationWork/))
    repairs.push(() => put(text))
    const { proof } = await look()
    const { failure } = failureOf(groupFailures(proof.edges), roleIn(DEV, 'deploy'), 'iam:PassRole')
    expect(failure.remedies).toMatchObject([
      {
        belongsIn: `identity policy of ${roleIn(DEV, 'deploy')}`,
        statement: { Action: 'iam:PassRole', Resource: roleIn(DEV, 'cloudformation') },
      },
    ])
  })

  test('lacks the trust of a role that now trusts another', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const RoleName = 'crossdock-hello-hello-deploy'
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    const text = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')
    const trust = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
    await trust(text.replaceAll('crossdock-hello-hello-pipeline', 'crossdock-hello-other-pipeline'))
    repairs.push(() => trust(text))
    const { proof } = await look()
    const { failure, resources } = failureOf(
      groupFailures(proof.edges),
      roleIn(HUB, 'pipeline'),
      'sts:AssumeRole',
    )
    expect(resources).toEqual([roleIn(DEV, 'deploy')])
    expect(failure.saidNo).toBe(`trust policy of ${roleIn(DEV, 'deploy')}`)
    expect(failure.close.join('\n')).toContain('crossdock-hello-other-pipeline')
  })

  test('lacks what the policy of the approval’s topic denies', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:111111111111:crossdock-hello-hello-prod-approval'
    const sns = await shipment.accounts.client(SNSClient, HUB)
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    const put = (AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
    const deny = { Sid: 'Quiet', Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: TopicArn }
    await put(document(...(JSON.parse(Attributes!.Policy!) as Document).Statement, deny))
    repairs.push(() => put(Attributes!.Policy!))
    const { proof } = await look()
    const { failure, uses } = failureOf(groupFailures(proof.edges), roleIn(HUB, 'pipeline'), 'sns:Publish')
    expect(failure.saidNo).toBe(`topic policy of ${TopicArn}, statement "Quiet"`)
    expect(failure.remedies[0]?.origin).toMatchObject({ stack: 'crossdock-hello-hello', ...HUB })
    expect(uses).toMatchObject([{ stage: 'prod' }])
  })

  test('is told apart from one that is not there', async () => {
    const missing = readLivePipeline(shipment.accounts, { ...HUB, name: 'goodbye' })
    await expect(missing).rejects.toThrow('there is no pipeline "goodbye" in account 111111111111, us-east-1')
  })
})

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const everything = { Effect: 'Allow', Action: '*', Resource: '*' }

describe('what stands beside inline policies', () => {
  const RoleName = 'crossdock-hello-hello-deploy'

  async function managedPolicy(PolicyName: string, PolicyDocument: string): Promise<string> {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))
    const PolicyArn = Policy!.Arn!
    repairs.push(() => iam.send(new DeletePolicyCommand({ PolicyArn })))
    return PolicyArn
  }

  test('a boundary that leaves something out says no', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const Action = 'cloudformation:CreateStack'
    const arn = await managedPolicy('limit', document(everything, { Effect: 'Deny', Action, Resource: '*' }))
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: arn }))
    repairs.push(() => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })))
    const { proof } = await look()
    const { failure, actions } = failureOf(groupFailures(proof.edges), roleIn(DEV, 'deploy'), Action)
    expect(actions).toEqual([Action])
    expect(failure.saidNo).toBe(`${arn}, statement 2`)
  })

  test('a managed policy grants', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const named = { RoleName, PolicyName: 'crossdock' }
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(named))
    const PolicyArn = await managedPolicy('moved', decodeURIComponent(PolicyDocument))
    await iam.send(new DeleteRolePolicyCommand(named))
    repairs.push(() =>
      iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: decodeURIComponent(PolicyDocument) })),
    )
    expect((await look()).proof.edges.filter(isFailed).length).toBeGreaterThan(5)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    repairs.push(() => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })))
    expect((await look()).proof.edges.filter(isFailed)).toEqual([])
  })

  test('a grant on the key allows what its policy does not', async () => {
    const kms = await shipment.accounts.client(KMSClient, HUB)
    const { landscape } = await look()
    const key = [...landscape.keys.values()].find(({ region }) => region === HUB.region)!
    const put = (Policy: string) =>
      kms.send(new PutKeyPolicyCommand({ KeyId: key.arn, PolicyName: 'default', Policy }))
    const text = JSON.stringify(key.policy!.policy.document)
    const left = JSON.parse(without(text, /^TargetsUseTheKeyThroughS3$/)) as Document
    const Principal = { AWS: `arn:aws:iam::${HUB.account}:root` }
    await put(document(...left.Statement, { ...everything, Principal, Action: 'kms:*Grant*' }))
    repairs.push(() => put(text))
    const { GrantId } = await kms.send(
      new CreateGrantCommand({
        KeyId: key.arn,
        GranteePrincipal: roleIn(DEV, 'deploy'),
        Operations: ['Decrypt'],
      }),
    )
    repairs.push(() => kms.send(new RevokeGrantCommand({ KeyId: key.arn, GrantId })))
    const { proof } = await look()
    const decrypting = proof.edges.filter(
      ({ need }) => need.action === 'kms:Decrypt' && need.resource === key.arn,
    )
    const verdict = (principal: string) =>
      decrypting.find(({ need }) => need.principal === principal)?.verdict
    expect(verdict(roleIn(DEV, 'deploy'))).toBe('allowed')
    expect(verdict(roleIn(DEV, 'cloudformation'))).toBe('denied')
  })

  test('a principal that was deleted is a finding', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const trusting = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' })
    const AssumeRolePolicyDocument = document(trusting(`arn:aws:iam::${DEV.account}:root`))
    const former = await iam.send(new CreateRoleCommand({ RoleName: 'former', AssumeRolePolicyDocument }))
    const { Arn = '', RoleId } = former.Role!
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    const text = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')
    const trust = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
    await trust(document(...(JSON.parse(text) as Document).Statement, trusting(Arn)))
    repairs.push(() => trust(text))
    await iam.send(new DeleteRoleCommand({ RoleName: 'former' }))
    expect((await look()).findings).toMatchObject([
      {
        rule: 'principal-was-deleted',
        message: expect.stringContaining(`names ${RoleId}, a role that was deleted`),
      },
    ])
  })

  test('a disabled key is a finding', async () => {
    const kms = await shipment.accounts.client(KMSClient, HUB)
    const { landscape } = await look()
    const KeyId = [...landscape.keys.values()].find(({ region }) => region === HUB.region)!.arn
    await letDisable(kms, KeyId)
    await kms.send(new DisableKeyCommand({ KeyId }))
    repairs.push(() => kms.send(new EnableKeyCommand({ KeyId })))
    expect((await look()).findings).toMatchObject([
      { rule: 'key-not-usable', severity: 'error', origin: { stack: 'crossdock-hello-hub' } },
    ])
  })
})

/** The fleet's keys do not let anybody disable them until somebody who may change their policy says so. */
async function letDisable(kms: KMSClient, KeyId: string): Promise<void> {
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }))
  const put = (text: string) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: text }))
  const Principal = { AWS: `arn:aws:iam::${HUB.account}:root` }
  const disabling = { Effect: 'Allow', Principal, Action: 'kms:DisableKey', Resource: '*' }
  await put(document(...(JSON.parse(Policy) as Document).Statement, disabling))
  repairs.push(() => put(Policy))
}

/** A reach whose credentials in dev may look at roles but not into their inline policies. */
async function shortSighted(): Promise<Reach> {
  const iam = await shipment.accounts.client(IAMClient, DEV)
  const UserName = 'looker'
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = [{ Effect: 'Allow', Action: ['iam:GetRole', 'iam:List*'], Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'look', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const { endpoint } = shipment.cloud
  return {
    verify: (target) => shipment.accounts.verify(target),
    client: async (clientClass, target) =>
      target.account === DEV.account
        ? new clientClass({ endpoint, region: target.region, credentials } as never)
        : shipment.accounts.client(clientClass, target),
  }
}

describe('what may not be read', () => {
  test('is said, and nothing is guessed about it', async () => {
    const { proof, unread } = await look(await shortSighted())
    const policy = unread.find(({ what }) => what.startsWith('the identity policy crossdock of'))
    expect(policy).toMatchObject({ account: DEV.account })
    expect(policy?.why).toContain(
      'access denied: User: arn:aws:iam::222222222222:user/looker is not authorized',
    )
    const ofDeploy = proof.edges.filter(({ need }) => need.principal === roleIn(DEV, 'deploy'))
    expect(ofDeploy.map(({ verdict }) => verdict)).not.toContain('denied')
    expect(ofDeploy[0]).toMatchObject({
      verdict: 'unknown',
      assumed: `what the inline policy crossdock grants ${roleIn(DEV, 'deploy')}`,
    })
  })

  test('a whole account is said once for each thing in it', async () => {
    const shut: Reach = {
      client: (clientClass, target) => shipment.accounts.client(clientClass, target),
      verify: async (target) => {
        if (target.account === DEV.account) throw new FleetError('no credentials', { fix: 'name a profile' })
      },
    }
    const { proof, unread } = await look(shut)
    const inDev = unread.filter(({ account }) => account === DEV.account)
    expect(inDev.map(({ what, why }) => `${what}: ${why}`).sort()).toEqual([
      `the role ${roleIn(DEV, 'cloudformation')}: no credentials; name a profile`,
      `the role ${roleIn(DEV, 'deploy')}: no credentials; name a profile`,
    ])
    const assuming = proof.edges.find(
      ({ need }) => need.action === 'sts:AssumeRole' && need.resource === roleIn(DEV, 'deploy'),
    )
    expect(assuming).toMatchObject({
      verdict: 'unknown',
      assumed: `the role ${roleIn(DEV, 'deploy')} could not be read: no credentials; name a profile`,
    })
  })
})

/** Starts the pipeline and gives the execution, which must fail. */
async function failingRun(): Promise<string> {
  const client = await shipment.accounts.client(CodePipelineClient, HUB)
  const execution = await startPipeline(client, 'hello-hello')
  for (;;) {
    const found = (await executions(client, 'hello-hello')).find(
      (one) => one.pipelineExecutionId === execution,
    )
    if (found?.status === 'Failed') return execution
    expect(found?.status).not.toBe('Succeeded')
    await sleep(20)
  }
}

/** Takes a statement out of an inline policy in dev until the test ends. */
async function withdraw(role: string, sid: RegExp): Promise<void> {
  const iam = await shipment.accounts.client(IAMClient, DEV)
  const named = { RoleName: `crossdock-hello-hello-${role}`, PolicyName: 'crossdock' }
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(named))
  const text = decodeURIComponent(PolicyDocument)
  const put = (document: string) => iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: document }))
  await put(without(text, sid))
  repairs.push(() => put(text))
}

describe('after a failed run', () => {
  const fleet = 'examples/hello/crossdock.yaml'

  test('doctor starts from the failed action', async () => {
    await withdraw('deploy', /^LetCloudFormationWork/)
    const execution = await failingRun()
    const { status, printed } = await runDoctor({ fleet })
    expect(status).toBe(1)
    expect(printed).toContain(`failed dev › deploy-hello-us-east-1 in the last run, ${execution}`)
    expect(printed).toContain(
      `still so: identity policy of ${roleIn(DEV, 'deploy')} says no; the statement to add is below`,
    )
    const json = JSON.parse((await runDoctor({ fleet, json: true })).printed)
    expect(json.proven).toBe(false)
    expect(json.edges[0]).toMatchObject({
      need: { principal: roleIn(DEV, 'deploy'), action: 'iam:PassRole' },
      verdict: 'denied',
    })
    expect(json.failedRun.explained).toMatchObject([
      { principal: roleIn(DEV, 'deploy'), action: 'iam:PassRole', resource: roleIn(DEV, 'cloudformation') },
    ])
  })

  test('a call that only the application makes is proven from the stack’s own template, without a fleet file', async () => {
    await withdraw('cloudformation', /^ManageFunctionInStackHello/)
    await failingRun()
    const { status, printed } = await withProfiles(() =>
      runDoctor({ pipeline: 'hello-hello', profile: HUB.account, region: HUB.region, json: true }),
    )
    expect(status).toBe(1)
    const { failedRun, edges } = JSON.parse(printed)
    expect(failedRun.messages.join('\n')).toMatch(/is not authorized to perform: lambda:/)
    expect(edges[0]).toMatchObject({
      need: { principal: roleIn(DEV, 'cloudformation'), because: 'to update Function in the stack hello' },
      verdict: 'denied',
      uses: [{ stage: 'dev', action: 'deploy-hello-us-east-1' }],
    })
    expect(edges[0].need.action).toMatch(/^lambda:/)
    expect(edges[0].failure.remedies[0].belongsIn).toBe(`identity policy of ${roleIn(DEV, 'cloudformation')}`)
    // Where the stack's template cannot be read, the run itself tells what it was denied.
    const { landscape } = await readLivePipeline(shipment.accounts, { ...HUB, name: 'hello-hello' })
    expect(diagnose(landscape, [], failedRun).proof.edges[0]).toMatchObject({
      need: { principal: roleIn(DEV, 'cloudformation'), because: 'the last run was denied it' },
      verdict: 'denied',
      uses: [{ stage: 'dev › deploy-hello-us-east-1, denied in the last run' }],
    })
  })

  test('what was mended since is told apart', async () => {
    const { status, printed } = await runDoctor({ fleet })
    expect(printed).toContain('the policies that could be read allow it now: they were changed since')
    expect(status).toBe(0)
  })

  test('a role that was deleted is named', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const RoleName = 'crossdock-hello-hello-cloudformation'
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'crossdock' }))
    await iam.send(new DeleteRoleCommand({ RoleName }))
    const { status, printed } = await runDoctor({ fleet })
    expect(status).toBe(1)
    expect(printed).toContain(`the role ${roleIn(DEV, 'cloudformation')} does not exist`)
  })
})
