/** A deployment of what stands already asks little, and overlooks nothing. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { afterEach, expect, test, vi } from 'vitest'
import type { Assembly, AssemblyStack } from '../../src/model/index.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { deployAt, freshAccount, SleepClock, smallAssembly } from './small-deployment.ts'

const { cloud, client } = await startTestCloud()
let proxy: FaultProxy | undefined
afterEach(() => proxy?.close())

/** Gives the endpoint of a proxy that only counts. */
async function counting(calls: string[], refuseListing = false): Promise<string> {
  proxy = await startFaultProxy({
    target: cloud.endpoint,
    fault: ({ operation, body }) => {
      calls.push(operation)
      return refuseListing && operation === 'DescribeStacks' && !body.includes('StackName=')
        ? {
            kind: 'answer',
            acted: false,
            status: 403,
            body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>',
          }
        : undefined
    },
  })
  return proxy.endpoint
}

const standing = async (account: string, StackName: string) => {
  const { Stacks = [] } = await client(CloudFormationClient, { account }).send(
    new DescribeStacksCommand({ StackName }),
  )
  return Stacks[0]!
}

const settled = (account: string, name: string) =>
  vi.waitFor(async () => expect((await standing(account, name)).StackStatus).toBe('UPDATE_COMPLETE'), {
    interval: 5,
  })

test('it lists the stacks once a wave, and makes no change set', async () => {
  const assembly = smallAssembly(freshAccount(), { count: 120 })
  expect(Object.values((await deployAt(cloud.endpoint, assembly)).outcomes)).toEqual(
    Array(121).fill('created'),
  )
  const calls: string[] = []
  const { outcomes } = await deployAt(await counting(calls), assembly)
  expect(Object.values(outcomes)).toEqual(Array(121).fill('unchanged'))
  // Who it is; two pages in the first wave; the second wave's stack, and the one whose output it takes.
  expect(calls).toEqual(['GetCallerIdentity', ...Array(4).fill('DescribeStacks')])
})

test('a new stack takes five calls, and the listing is believed for half a minute', async () => {
  const assembly = smallAssembly(freshAccount(), { count: 20 })
  const calls: string[] = []
  const first = { ...assembly, waves: [assembly.waves[0]!] }
  await deployAt(await counting(calls), first)
  const times = (name: string) => calls.filter((one) => one === name).length
  expect(times('CreateChangeSet')).toBe(20)
  expect(times('ExecuteChangeSet')).toBe(20)
  // One listing before, one look at each after its end.
  expect(times('DescribeStacks')).toBe(21)
})

test('who may not list looks at each stack', async () => {
  const assembly = smallAssembly(freshAccount(), { count: 20 })
  await deployAt(cloud.endpoint, assembly)
  const calls: string[] = []
  const { outcomes } = await deployAt(await counting(calls, true), assembly)
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['unchanged']))
  expect(calls.filter((one) => one === 'DescribeStacks')).toHaveLength(1 + 20 + 2)
})

const first = (assembly: Assembly, change: (stack: AssemblyStack) => AssemblyStack): Assembly => ({
  ...assembly,
  waves: assembly.waves.map((wave, index) => (index === 0 ? wave.map(change) : wave)),
})

test.each<[string, (stack: AssemblyStack) => AssemblyStack]>([
  [
    'the template',
    (one) => ({
      ...one,
      template: { ...one.template, Description: 'new', Outputs: { New: { Value: 'x' } } },
    }),
  ],
  ['a tag', (one) => ({ ...one, tags: { fleet: 'other' } })],
  ['one tag more', (one) => ({ ...one, tags: { ...one.tags, team: 'a' } })],
  ['one tag less', (one) => ({ ...one, tags: {} })],
])('a change of %s is deployed', async (_, change) => {
  const { waves, ...rest } = smallAssembly(freshAccount())
  const assembly = { ...rest, waves: waves.slice(0, 1) }
  await deployAt(cloud.endpoint, assembly)
  expect((await deployAt(cloud.endpoint, first(assembly, change))).outcomes).toEqual({ 'first-0': 'updated' })
  expect((await deployAt(cloud.endpoint, first(assembly, change))).outcomes).toEqual({
    'first-0': 'unchanged',
  })
})

test('a parameter that somebody changed is set again', async () => {
  const account = freshAccount()
  const assembly = smallAssembly(account)
  await deployAt(cloud.endpoint, assembly)
  const cloudformation = client(CloudFormationClient, { account })
  await cloudformation.send(
    new UpdateStackCommand({
      StackName: 'second',
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Other', ParameterValue: 'by hand' }],
      Tags: [{ Key: 'fleet', Value: 'small' }],
    }),
  )
  await settled(account, 'second')
  expect((await deployAt(cloud.endpoint, assembly)).outcomes).toEqual({
    'first-0': 'unchanged',
    second: 'updated',
  })
})

/** A template as somebody has it who fetched it and changed a line: the digest stands in it still. */
async function edited(account: string): Promise<string> {
  const { Outputs = [] } = await standing(account, 'first-0')
  return JSON.stringify({
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'by hand' } } },
    Outputs: Object.fromEntries(Outputs.map((one) => [one.OutputKey, { Value: one.OutputValue }])),
  })
}

test('what somebody deployed with a change set of their own is not taken for ours', async () => {
  const account = freshAccount()
  const assembly = smallAssembly(account)
  await deployAt(cloud.endpoint, assembly)
  const cloudformation = client(CloudFormationClient, { account })
  const { Id } = await cloudformation.send(
    new CreateChangeSetCommand({
      StackName: 'first-0',
      ChangeSetName: 'by-hand',
      TemplateBody: await edited(account),
      Tags: [{ Key: 'fleet', Value: 'small' }],
    }),
  )
  await vi.waitFor(() => cloudformation.send(new ExecuteChangeSetCommand({ ChangeSetName: Id })), {
    interval: 5,
  })
  await settled(account, 'first-0')
  expect((await deployAt(cloud.endpoint, assembly)).outcomes['first-0']).toBe('updated')
})

test('with force every stack is compared', async () => {
  const account = freshAccount()
  const assembly = smallAssembly(account)
  await deployAt(cloud.endpoint, assembly)
  const cloudformation = client(CloudFormationClient, { account })
  const TemplateBody = await edited(account)
  const Tags = [{ Key: 'fleet', Value: 'small' }]
  await cloudformation.send(new UpdateStackCommand({ StackName: 'first-0', TemplateBody, Tags }))
  await settled(account, 'first-0')
  const forced = await deployAt(cloud.endpoint, assembly, { force: true })
  expect(forced.outcomes).toEqual({ 'first-0': 'updated', second: 'unchanged' })
})

test('what was seen long ago is looked at again before anything is done', async () => {
  const account = freshAccount()
  const assembly = smallAssembly(account, { count: 10 })
  const calls: string[] = []
  const clock = new SleepClock()
  await deployAt(
    await counting(calls),
    { ...assembly, waves: [assembly.waves[0]!] },
    {
      clock: Object.assign(clock, { now: () => calls.length * 10_000 }),
      concurrency: { perTarget: 1, total: 1 },
    },
  )
  // Before each but the first one that were begun half a minute after the listing, and after each.
  expect(calls.filter((one) => one === 'DescribeStacks').length).toBeGreaterThan(18)
})
