/** A statement that denies, met in a run: `status` and `logs` tell the policy it stands in, and where that is written. */
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { logs } from '../../src/cli/commands/logs.ts'
import { status } from '../../src/cli/commands/status.ts'
import { executions, startPipeline } from '../../src/operate/index.ts'
import { runCommand } from '../run-command.ts'
import { type Example, openExample, type Shipment, ship } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const DEV = { account: '222222222222', region: 'us-east-1' }
const ORGANIZER = '999999999999'
const ROLE = `arn:aws:iam::${DEV.account}:role/crossdock/crossdock-hello-hello-deploy`
const BUCKET = 'crossdock-hello-hello-111111111111-us-east-1'
const DENY = { Sid: 'Stop', Effect: 'Deny', Action: 'cloudformation:UpdateStack', Resource: '*' }

let example: Example
let shipment: Shipment
let fleet: string
const repairs: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  shipment = await ship(example, example.assembly, { managementAccount: ORGANIZER })
  fleet = join(example.fleet.directory, 'crossdock.yaml')
  await appendFile(fleet, '\norganization: { serviceControlPolicies: [freeze.json] }\n')
  await writeFile(join(example.fleet.directory, 'freeze.json'), documentOf(DENY))
})
afterEach(async () => {
  for (const repair of repairs.splice(0).reverse()) await repair()
})
afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

const documentOf = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })

const withStatement = (text: string, statement: object): string => {
  const document = JSON.parse(text)
  return JSON.stringify({ ...document, Statement: [...document.Statement, statement] })
}

async function failedRun(): Promise<void> {
  const client = await shipment.accounts.client(CodePipelineClient, HUB)
  const execution = await startPipeline(client, 'hello-hello')
  for (;;) {
    const found = (await executions(client, 'hello-hello')).find(
      (one) => one.pipelineExecutionId === execution,
    )
    if (found?.status === 'Failed') return
    expect(found?.status).not.toBe('Succeeded')
    await sleep(20)
  }
}

/** What both commands say of the run, without the breaks of lines. */
async function told(): Promise<string[]> {
  process.env.AWS_ENDPOINT_URL = shipment.cloud.endpoint
  try {
    const texts = [await runCommand(status, { fleet }), await runCommand(logs, { fleet })]
    return texts.map(({ text }) => text.replace(/\s+/g, ' '))
  } finally {
    delete process.env.AWS_ENDPOINT_URL
  }
}

async function expectTold(policy: string, place: string): Promise<void> {
  await failedRun()
  for (const text of await told()) {
    expect(text).toContain(`said no ${policy}, statement "Stop"`)
    expect(text).toContain(`Narrow or remove statement "Stop" of ${policy}, which denies it. (${place})`)
  }
}

describe('a run that a statement stops tells where it stands', () => {
  test('in the inline policy of a role', async () => {
    const iam = await shipment.accounts.client(IAMClient, DEV)
    const named = { RoleName: 'crossdock-hello-hello-deploy', PolicyName: 'crossdock' }
    const PolicyDocument = decodeURIComponent(
      (await iam.send(new GetRolePolicyCommand(named))).PolicyDocument!,
    )
    await iam.send(
      new PutRolePolicyCommand({ ...named, PolicyDocument: withStatement(PolicyDocument, DENY) }),
    )
    repairs.push(() => iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument })))
    await expectTold(
      `identity policy crossdock of ${ROLE}`,
      'stack crossdock-hello-hello-access, DeployRole, 222222222222 us-east-1',
    )
  })

  test('in the policy of a bucket', async () => {
    const s3 = await shipment.accounts.client(S3Client, HUB)
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }))
    const Principal = { AWS: ROLE }
    const deny = {
      ...DENY,
      Principal,
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/hello-hello/*`,
    }
    await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: withStatement(Policy, deny) }))
    repairs.push(() => s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy })))
    await expectTold(
      `bucket policy of arn:aws:s3:::${BUCKET}`,
      'stack crossdock-hello-hello, ArtifactBucketPolicy, 111111111111 us-east-1',
    )
  })

  test('in a service control policy', async () => {
    const { endpoint, secret } = shipment.cloud
    const credentials = { accessKeyId: ORGANIZER, secretAccessKey: secret }
    const client = new OrganizationsClient({ endpoint, region: 'us-east-1', credentials })
    const { Policy } = await client.send(
      new CreatePolicyCommand({
        Name: 'freeze',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: documentOf(DENY),
      }),
    )
    const attachment = { PolicyId: Policy!.PolicySummary!.Id!, TargetId: DEV.account }
    await client.send(new AttachPolicyCommand(attachment))
    repairs.push(async () => {
      await client.send(new DetachPolicyCommand(attachment))
      client.destroy()
    })
    await expectTold(
      `service control policy freeze (${attachment.PolicyId}) of the account ${DEV.account}`,
      join(example.fleet.directory, 'freeze.json'),
    )
  })
})
