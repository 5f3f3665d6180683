/** `crossdock doctor` on the live example in an organization whose policies deny what the pipeline needs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readLivePipeline } from '../../src/access/index.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { executions, startPipeline } from '../../src/operate/index.ts'
import { type CommandOptions, runCommand } from '../run-command.ts'
import { type Example, openExample, type Shipment, ship } from './ship.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const DEV = '222222222222'
const ORGANIZER = '999999999999'
const FLEET = 'examples/hello/crossdock.yaml'
const STACK_ROLE = `arn:aws:iam::${DEV}:role/crossdock/crossdock-hello-hello-cloudformation`

let example: Example
let shipment: Shipment
let client: OrganizationsClient
let root: string
let guards = 0
const repairs: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  shipment = await ship(example, example.assembly, { managementAccount: ORGANIZER })
  const { endpoint, secret } = shipment.cloud
  const credentials = { accessKeyId: ORGANIZER, secretAccessKey: secret }
  client = new OrganizationsClient({ endpoint, region: 'us-east-1', credentials })
  root = (await client.send(new ListRootsCommand({}))).Roots![0]!.Id!
})
afterEach(async () => {
  for (const repair of repairs.splice(0).reverse()) await repair()
})
afterAll(async () => {
  client?.destroy()
  await shipment?.end()
  await example?.remove()
})

async function attach(Type: PolicyType, TargetId: string, statement: object): Promise<string> {
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const Name = `guard ${++guards}`
  const { Policy } = await client.send(new CreatePolicyCommand({ Name, Description: '', Type, Content }))
  const PolicyId = Policy!.PolicySummary!.Id!
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId }))
  repairs.push(() => client.send(new DetachPolicyCommand({ PolicyId, TargetId })))
  return `${Name} (${PolicyId})`
}

/** Runs the command against the shipment's cloud. */
async function runDoctor(options: CommandOptions = {}): Promise<{ status: number; printed: string }> {
  process.env.AWS_ENDPOINT_URL = shipment.cloud.endpoint
  try {
    const { status, text } = await runCommand(doctor, { fleet: FLEET, ...options })
    return { status, printed: text }
  } finally {
    delete process.env.AWS_ENDPOINT_URL
  }
}

interface Denied {
  readonly need: { readonly principal: string; readonly action: string }
  readonly verdict: string
  readonly failure: { readonly saidNo: string; readonly close: readonly string[] }
}

async function deniedEdges(): Promise<Denied[]> {
  const { printed } = await runDoctor({ json: true })
  const { edges, unread } = JSON.parse(printed) as { edges: Denied[]; unread: unknown[] }
  expect(unread).toEqual([])
  return edges.filter(({ verdict }) => verdict === 'denied')
}

describe('the organization of the live pipeline', () => {
  test('with AWS’s own policies denies nothing', async () => {
    expect(await deniedEdges()).toEqual([])
  })

  test('denies by a policy of the unit that an account is in', async () => {
    const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name: 'Frozen' }))
    const unit = made.OrganizationalUnit!.Id!
    const move = (SourceParentId: string, DestinationParentId: string) =>
      client.send(new MoveAccountCommand({ AccountId: DEV, SourceParentId, DestinationParentId }))
    await move(root, unit)
    repairs.push(() => move(unit, root))
    const deny = { Sid: 'Frozen', Effect: 'Deny', Action: 'lambda:CreateFunction', Resource: '*' }
    const name = await attach('SERVICE_CONTROL_POLICY', unit, deny)
    expect(await deniedEdges()).toMatchObject([
      {
        need: { principal: STACK_ROLE, action: 'lambda:CreateFunction' },
        failure: {
          saidNo: `service control policy ${name} of the organizational unit Frozen (${unit}), statement "Frozen"`,
        },
      },
    ])
  })

  test('denies by a list of allowed actions in the place of FullAWSAccess', async () => {
    const allow = { Effect: 'Allow', NotAction: ['logs:PutRetentionPolicy'], Resource: '*' }
    const name = await attach('SERVICE_CONTROL_POLICY', DEV, allow)
    const full = { PolicyId: 'p-FullAWSAccess', TargetId: DEV }
    await client.send(new DetachPolicyCommand(full))
    repairs.push(() => client.send(new AttachPolicyCommand(full)))
    const label = `service control policy ${name} of the account ${DEV}`
    expect(await deniedEdges()).toMatchObject([
      {
        need: { principal: STACK_ROLE, action: 'logs:PutRetentionPolicy' },
        failure: { saidNo: label, close: [`no statement of the ${label} allows logs:PutRetentionPolicy`] },
      },
    ])
  })

  test('denies by a resource control policy of the account that owns the bucket', async () => {
    const enabled = await client.send(new ListRootsCommand({}))
    if (!enabled.Roots![0]!.PolicyTypes?.some(({ Type }) => Type === 'RESOURCE_CONTROL_POLICY'))
      await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' }))
    const deny = (aws: string) => ({
      Sid: 'OurOwn',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': aws } },
    })
    await attach('RESOURCE_CONTROL_POLICY', HUB.account, deny('o-crossdock00'))
    expect((await deniedEdges()).filter(({ need }) => need.principal === STACK_ROLE)).toEqual([])
    const name = await attach('RESOURCE_CONTROL_POLICY', HUB.account, deny('o-anotherone'))
    const denied = await deniedEdges()
    expect(denied.map(({ need }) => need.action)).toEqual(denied.map(() => 's3:GetObject'))
    expect(denied.find(({ need }) => need.principal === STACK_ROLE)?.failure.saidNo).toBe(
      `resource control policy ${name} of the account ${HUB.account}, statement "OurOwn"`,
    )
  })

  test('is told as not read where the management account cannot be reached', async () => {
    const live = await readLivePipeline(shipment.accounts, { ...HUB, name: 'hello-hello' })
    const { id, management, levels } = live.landscape.organization!
    expect([id, management, [...levels.keys()].sort()]).toEqual([
      'o-crossdock00',
      ORGANIZER,
      ['111111111111', '222222222222', '333333333333', '444444444444'],
    ])
    const [unread, ...others] = live.unread
    expect(others).toEqual([])
    expect(unread?.what).toBe('service control policies and resource control policies')
    expect(unread?.why).toContain(`its management account ${ORGANIZER} and to delegated administrators only`)
    expect(unread?.why).toContain(`--account ${ORGANIZER}=<profile>`)
  })

  test('is named after a run that it stopped', async () => {
    const deny = { Sid: 'Still', Effect: 'Deny', Action: 'lambda:UpdateFunctionCode', Resource: '*' }
    const deploys = { Sid: 'Deploys', Effect: 'Deny', Action: 'cloudformation:UpdateStack', Resource: '*' }
    await attach('SERVICE_CONTROL_POLICY', DEV, deny)
    const name = await attach('SERVICE_CONTROL_POLICY', DEV, deploys)
    const pipelines = await shipment.accounts.client(CodePipelineClient, HUB)
    const execution = await startPipeline(pipelines, 'hello-hello')
    for (;;) {
      const all = await executions(pipelines, 'hello-hello')
      const found = all.find((one) => one.pipelineExecutionId === execution)
      if (found?.status === 'Failed') break
      expect(found?.status).not.toBe('Succeeded')
      await sleep(20)
    }
    const { status, printed } = await runDoctor()
    expect(status).toBe(1)
    expect(printed).toContain('failed dev › deploy-hello-us-east-1 in the last run')
    expect(printed).toContain(
      `still so: service control policy ${name} of the account ${DEV}, statement "Deploys" says no`,
    )
  })
})
