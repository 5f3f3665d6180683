/** The proxy does each fault as it says. */

import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect, test, vi } from 'vitest'
import { startTestCloud } from '../conformance/cloud.ts'
import { type Fault, type FaultProxy, startFaultProxy, throttled } from './fault-proxy.ts'
import { seededRandom } from './random.ts'

const { cloud, client } = await startTestCloud()
let proxy: FaultProxy | undefined
afterEach(() => proxy?.close())

const ssm = (endpoint: string) => client(SSMClient, { endpoint })
const put = new PutParameterCommand({ Name: 'chaos', Value: 'new', Type: 'String', Overwrite: true })
const value = async () => {
  const got = await ssm(cloud.endpoint).send(new GetParameterCommand({ Name: 'chaos' }))
  return got.Parameter?.Value
}

test('without a fault a call goes through, signature and all, and is known by its operation', async () => {
  const seen: string[] = []
  proxy = await startFaultProxy({
    target: cloud.endpoint,
    fault: ({ operation }) => void seen.push(operation),
  })
  const { Account } = await client(STSClient, { endpoint: proxy.endpoint }).send(
    new GetCallerIdentityCommand({}),
  )
  expect(Account).toBe('111111111111')
  await ssm(proxy.endpoint).send(put)
  expect(seen).toEqual(['GetCallerIdentity', 'PutParameter'])
  expect([...proxy.counts]).toEqual([['none', 2]])
})

test.each<[string, Fault, boolean]>([
  ['reset before', { kind: 'reset', acted: false }, false],
  ['reset after', { kind: 'reset', acted: true }, true],
  ['silence before', { kind: 'silence', acted: false }, false],
  ['silence after', { kind: 'silence', acted: true }, true],
  ['500 before', { kind: 'answer', acted: false, status: 500, body: '' }, false],
  ['500 after', { kind: 'answer', acted: true, status: 500, body: '' }, true],
  ['cut short', { kind: 'truncate', honest: false }, true],
  ['cut short with its length', { kind: 'truncate', honest: true }, true],
])('%s: the call fails, and the server acted or did not', async (_, fault, acted) => {
  const before = new PutParameterCommand({ ...put.input, Value: 'old' })
  await ssm(cloud.endpoint).send(before)
  proxy = await startFaultProxy({ target: cloud.endpoint, fault: () => fault })
  const patience = new AbortController()
  const call = ssm(proxy.endpoint).send(put, { abortSignal: patience.signal })
  if (fault.kind === 'silence') {
    await vi.waitFor(() => expect(proxy?.counts.get('silence')).toBe(1))
    patience.abort()
  }
  await expect(call).rejects.toThrow()
  expect(await value()).toBe(acted ? 'new' : 'old')
  expect(proxy.counts.get(fault.kind)).toBe(1)
})

test('a delayed call goes through', async () => {
  proxy = await startFaultProxy({ target: cloud.endpoint, fault: () => ({ kind: 'delay', milliseconds: 1 }) })
  await ssm(proxy.endpoint).send(put)
  expect(proxy.counts.get('delay')).toBe(1)
})

test('a throttled call has the name that the SDK knows', async () => {
  proxy = await startFaultProxy({ target: cloud.endpoint, fault: throttled })
  await expect(ssm(proxy.endpoint).send(put)).rejects.toThrow(
    expect.objectContaining({ name: 'ThrottlingException' }),
  )
  const sts = client(STSClient, { endpoint: proxy.endpoint })
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toThrow(
    expect.objectContaining({ name: 'Throttling' }),
  )
})

test('the same seed draws the same numbers', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed))
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  for (const one of draw(7)) expect(one >= 0 && one < 1).toBe(true)
})
