/** What a deployment's calls do when the server acted and its answer is lost: the next try finds its own work. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  waitUntilStackRollbackComplete,
} from '@aws-sdk/client-cloudformation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestCloud } from '../conformance/cloud.ts'
import { type Fault, type FaultProxy, type FaultRequest, startFaultProxy } from './fault-proxy.ts'
import { deployAt, smallAssembly } from './small-deployment.ts'

const { cloud, client } = await startTestCloud()
const cloudformation = client(CloudFormationClient, { account: '222222222222' })
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

const remove = async () => {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}))
  for (const { StackName } of Stacks) await cloudformation.send(new DeleteStackCommand({ StackName }))
  for (;;) {
    const left = await cloudformation.send(new DescribeStacksCommand({}))
    if (!left.Stacks?.length) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

beforeEach(remove)
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
    const { outcomes, events } = await deployAt(endpoint)
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
    const { StackSummaries = [] } = await cloudformation.send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    )
    expect(StackSummaries.map((one) => one.StackName).sort()).toEqual(['first-0', 'second'])
  })

  test('of every write of an update', async () => {
    await deployAt(cloud.endpoint)
    const endpoint = await proxyWith(fault, ({ operation }) => /ChangeSet$/.test(operation))
    const { outcomes } = await deployAt(endpoint, { assembly: smallAssembly(1, 'changed') })
    expect(outcomes).toEqual({ 'first-0': 'unchanged', second: 'updated' })
  })

  test('of the deletion of a failed creation', async () => {
    const broken = {
      Resources: {
        Rule: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'sqs', TopicArn: 'no' } },
      },
    }
    await cloudformation.send(
      new CreateStackCommand({ StackName: 'first-0', TemplateBody: JSON.stringify(broken) }),
    )
    await waitUntilStackRollbackComplete(
      { client: cloudformation, maxWaitTime: 20, minDelay: 0.01, maxDelay: 0.02 } as never,
      { StackName: 'first-0' },
    ).catch(() => undefined)
    const endpoint = await proxyWith(fault, ({ operation }) => operation === 'DeleteStack')
    const { outcomes } = await deployAt(endpoint)
    expect(proxy?.counts.get(fault.kind)).toBe(1)
    expect(outcomes).toEqual({ 'first-0': 'created', second: 'created' })
  })
})

test('a change set that somebody else executed, on a first try, is told as it is', async () => {
  proxy = await startFaultProxy({
    target: cloud.endpoint,
    fault: ({ operation }) =>
      operation === 'ExecuteChangeSet'
        ? {
            kind: 'answer',
            acted: false,
            status: 400,
            body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidChangeSetStatus</Code><Message>ChangeSet [x] cannot be executed in its current execution status of [OBSOLETE]</Message></Error><RequestId>r</RequestId></ErrorResponse>',
          }
        : undefined,
  })
  await expect(deployAt(proxy.endpoint)).rejects.toThrow(/execution status of \[OBSOLETE\]/)
})
