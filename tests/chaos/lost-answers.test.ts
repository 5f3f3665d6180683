/** What a deployment's calls do when the server acted and its answer is lost: the next try finds its own work. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { startTestCloud } from '../conformance/cloud.ts'
import { type Fault, type FaultProxy, type FaultRequest, startFaultProxy } from './fault-proxy.ts'
import { deployAt, freshAccount, smallAssembly } from './small-deployment.ts'

const { cloud, client } = await startTestCloud()
let proxy: FaultProxy | undefined

/** The first call of each operation named meets the fault. */
async function proxyWith(fault: Fault, isMeant: (request: FaultRequest) => boolean): Promise<string> {
  const met = new Set<string>()
  proxy = await startFaultProxy({
    target: cloud.endpoint,
    fault: (request) => {
      const id = `${request.operation} ${/StackName=[^&]*|ChangeSetName=[^&]*/.exec(request.body.toString())}`
      if (!isMeant(request) || met.has(id)) return undefined
      met.add(id)
      return fault
    },
  })
  return proxy.endpoint
}

const statusOf = async (cloudformation: CloudFormationClient, StackName: string) =>
  (await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus

afterEach(() => proxy?.close())

const LOST: [string, Fault][] = [
  ['the connection breaks', { kind: 'reset', acted: true }],
  ['the answer is a 500', { kind: 'answer', acted: true, status: 500, body: '' }],
  [
    'the answer is a 502 of a proxy',
    { kind: 'answer', acted: true, status: 502, body: '<html><p>Bad<br></html>' },
  ],
  ['the answer breaks off', { kind: 'truncate', honest: false }],
  ['the answer is cut short', { kind: 'truncate', honest: true }],
  [
    'the answer is empty',
    { kind: 'answer', acted: true, status: 200, body: '', headers: { 'x-amzn-requestid': 'a' } },
  ],
]

describe.each(LOST)('%s', (_, fault) => {
  test.each([
    'CreateChangeSet',
    'ExecuteChangeSet',
    'DescribeStacks',
    'DescribeStackEvents',
    'DescribeChangeSet',
  ])('of %s: each stack is created once', async (operation) => {
    const endpoint = await proxyWith(fault, (request) => request.operation === operation)
    const account = freshAccount()
    const { outcomes, events } = await deployAt(endpoint, smallAssembly(account))
    expect(proxy?.counts.get(fault.kind)).toBeGreaterThan(0)
    expect(outcomes).toEqual({ 'first-0': 'created', second: 'created' })
    const begun = events.flatMap((event) =>
      event.type === 'resource' &&
      event.resourceType === 'AWS::SNS::Topic' &&
      event.status === 'CREATE_COMPLETE'
        ? [event.stack.name]
        : [],
    )
    expect(begun).toEqual(['first-0', 'second'])
    const { StackSummaries = [] } = await client(CloudFormationClient, { account }).send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    )
    expect(StackSummaries.map((one) => one.StackName).sort()).toEqual(['first-0', 'second'])
  })

  test('of every write of an update', async () => {
    const account = freshAccount()
    await deployAt(cloud.endpoint, smallAssembly(account))
    const endpoint = await proxyWith(fault, ({ operation }) => /ChangeSet$/.test(operation))
    const { outcomes } = await deployAt(endpoint, smallAssembly(account, { displayName: 'changed' }))
    expect(outcomes).toEqual({ 'first-0': 'unchanged', second: 'updated' })
  })

  test('of the deletion of a failed creation', async () => {
    const account = freshAccount()
    const cloudformation = client(CloudFormationClient, { account })
    const broken = {
      Resources: {
        Rule: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'sqs', TopicArn: 'no' } },
      },
    }
    await cloudformation.send(
      new CreateStackCommand({ StackName: 'first-0', TemplateBody: JSON.stringify(broken) }),
    )
    await vi.waitFor(
      async () => expect(await statusOf(cloudformation, 'first-0')).toBe('ROLLBACK_COMPLETE'),
      { interval: 5 },
    )
    const endpoint = await proxyWith(fault, ({ operation }) => operation === 'DeleteStack')
    const { outcomes } = await deployAt(endpoint, smallAssembly(account))
    expect(proxy?.counts.get(fault.kind)).toBe(1)
    expect(outcomes).toEqual({ 'first-0': 'created', second: 'created' })
  })
})

const refusal = (code: string, message: string): Fault => ({
  kind: 'answer',
  acted: false,
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
})

/** As AWS answers a second try where it does not go by the token. */
const REFUSED: [string, Fault][] = [
  ['CreateChangeSet', refusal('AlreadyExistsException', 'ChangeSet crossdock-x already exists')],
  [
    'ExecuteChangeSet',
    refusal(
      'InvalidChangeSetStatus',
      'ChangeSet [x] cannot be executed in its current execution status of [EXECUTE_COMPLETE]',
    ),
  ],
  ['ExecuteChangeSet', refusal('TokenAlreadyExistsException', 'A client request token already exists')],
]

describe.each(REFUSED)('a second %s that is refused', (operation, refused) => {
  /** `acted`: whether the first try, whose answer is lost, did its work. */
  const twoTries = async (acted: boolean) => {
    let tries = 0
    proxy = await startFaultProxy({
      target: cloud.endpoint,
      fault: (request) => {
        if (request.operation !== operation) return undefined
        tries++
        return tries === 1 ? { kind: 'reset', acted } : tries === 2 ? refused : undefined
      },
    })
    return deployAt(proxy.endpoint, smallAssembly(freshAccount()))
  }

  test('is looked at, and found to be our own work', async () => {
    expect((await twoTries(true)).outcomes).toEqual({ 'first-0': 'created', second: 'created' })
  })

  test('is an error where the first try did nothing', async () => {
    await expect(twoTries(false)).rejects.toThrow(/first-0 in dev .* failed: /)
  })

  test('is an error where it is refused on the first try', async () => {
    proxy = await startFaultProxy({
      target: cloud.endpoint,
      fault: (request) => (request.operation === operation ? refused : undefined),
    })
    await expect(deployAt(proxy.endpoint, smallAssembly(freshAccount()))).rejects.toThrow(
      /already|cannot be executed/,
    )
  })
})
