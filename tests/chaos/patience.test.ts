/** How a deployment meets throttling, silence and what is not AWS: it waits, says so, and tells the rest in words. */
import { createServer as createTlsServer } from 'node:https'
import { createServer, type Server } from 'node:net'
import { CodePipelineClient, GetPipelineCommand } from '@aws-sdk/client-codepipeline'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Accounts, type PatienceOptions } from '../../src/aws/index.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { type Fault, type FaultProxy, type FaultRequest, startFaultProxy, throttled } from './fault-proxy.ts'
import { deployAt, freshAccount, SleepClock, smallAssembly } from './small-deployment.ts'

const { cloud } = await startTestCloud()
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function proxyWith(
  fault: (request: FaultRequest, random: number) => Fault | undefined,
): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ target: cloud.endpoint, fault })
  open.push(proxy)
  return proxy
}

const target = { account: '', region: 'us-east-1' }
beforeEach(() => {
  target.account = freshAccount()
})

/** What a user reads of a call at an endpoint. */
async function said(endpoint: string, patience: PatienceOptions = {}): Promise<string> {
  const accounts = new Accounts([{ name: 'dev', account: target.account }], {
    endpoint,
    patience: { ...new SleepClock(), ...patience },
  })
  open.push(accounts)
  return accounts.verify(target).then(
    () => 'nothing',
    (error: Error) => String(error),
  )
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

describe('throttling', () => {
  test.each([0.5, 0.9])(
    'at %d of the calls for a minute: it waits, says so, and ends well',
    async (share) => {
      const clock = new SleepClock()
      const proxy = await proxyWith((request, random) =>
        clock.now() < 60_000 && random < share ? throttled(request) : undefined,
      )
      const { outcomes } = await deployAt(proxy.endpoint, smallAssembly(target.account, { count: 30 }), {
        clock,
      })
      expect(Object.keys(outcomes)).toHaveLength(31)
      expect(proxy.counts.get('answer')).toBeGreaterThan(20)
    },
  )

  test('of every call for a minute: it says what it waits for, once in a while', async () => {
    const clock = new SleepClock()
    const proxy = await proxyWith((request) =>
      clock.now() < 60_000 && request.operation !== 'GetCallerIdentity' ? throttled(request) : undefined,
    )
    const { outcomes, waits } = await deployAt(proxy.endpoint, smallAssembly(target.account, { count: 3 }), {
      clock,
    })
    expect(Object.values(outcomes)).toEqual(['created', 'created', 'created', 'created'])
    expect(waits[0]).toBe(
      `waiting: AWS CloudFormation in ${target.account}/us-east-1 at ${proxy.endpoint} throttles: Rate exceeded`,
    )
    expect(waits.length).toBeGreaterThan(1)
    expect(waits.length).toBeLessThan(6)
  })

  test('without end is given up, with what to do', async () => {
    const proxy = await proxyWith(throttled)
    expect(await said(proxy.endpoint)).toMatch(
      /^dev: AWS STS in \d{12}\/us-east-1 at http:\S+ throttles: Rate exceeded; given up after 6\d\d s\n {2}fix: run it again later/,
    )
  })

  test('by a plain text 429 is throttling too', async () => {
    const plain: Fault = { kind: 'answer', acted: false, status: 429, body: 'Too Many Requests' }
    let times = 0
    const proxy = await proxyWith(() => (times++ < 4 ? plain : undefined))
    expect(await said(proxy.endpoint)).toBe('nothing')
    expect(proxy.counts.get('answer')).toBe(4)
    const always = await proxyWith(() => plain)
    expect(await said(always.endpoint)).toContain('throttles: HTTP 429; given up')
  })

  test('a server that asks for time gets it', async () => {
    const clock = new SleepClock()
    let times = 0
    const proxy = await proxyWith(() =>
      times++ === 0
        ? { kind: 'answer', acted: false, status: 503, body: '', headers: { 'retry-after': '7' } }
        : undefined,
    )
    expect(await said(proxy.endpoint, clock)).toBe('nothing')
    expect(clock.now()).toBeGreaterThanOrEqual(7000)
  })

  test('lets fewer calls out at once', async () => {
    let busy = 0
    const most: number[] = []
    let calls = 0
    const clock = new SleepClock()
    const proxy = await proxyWith((request) => (calls++ < 60 ? throttled(request) : undefined))
    const accounts = new Accounts([{ name: 'dev', account: target.account }], {
      endpoint: proxy.endpoint,
      patience: clock,
    })
    open.push(accounts)
    const sts = await accounts.client(STSClient, target)
    sts.middlewareStack.add(
      (next) => async (args) => {
        most.push(++busy)
        return next(args).finally(() => busy--)
      },
      { step: 'deserialize', priority: 'low' },
    )
    await Promise.all(Array.from({ length: 40 }, () => sts.send(new GetCallerIdentityCommand({}))))
    expect(Math.max(...most.slice(0, 25))).toBe(20)
    expect(Math.max(...most.slice(50, 60))).toBeLessThan(10)
  })
})

describe('no answer is told in words', () => {
  test('where nothing listens, at once', async () => {
    const server = createServer()
    const endpoint = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const clock = new SleepClock()
    expect(await said(endpoint, clock)).toBe(
      `dev: AWS STS in ${target.account}/us-east-1 at ${endpoint} does not answer: nothing listens\n  fix: start the embedded cloud with "crossdock cloud", or unset AWS_ENDPOINT_URL to use AWS`,
    )
    expect(clock.now()).toBe(0)
  })

  test('where it connects and stays silent, after a minute', async () => {
    const silent = createServer()
    const endpoint = await listening(silent)
    silent.on('connection', (socket) => open.unshift({ close: () => socket.destroy() }))
    expect(await said(endpoint, { silence: 50 })).toMatch(
      /does not answer: it stays silent; given up after 6\d s/,
    )
  })

  test.each<[string, Fault, RegExp]>([
    ['resets', { kind: 'reset', acted: false }, /does not answer: the connection breaks; given up/],
    [
      'cuts answers short',
      { kind: 'truncate', honest: true },
      /does not answer: its answer is cut short; given up/,
    ],
    [
      'breaks answers off',
      { kind: 'truncate', honest: false },
      /does not answer: the connection breaks; given up/,
    ],
    [
      'fails',
      { kind: 'answer', acted: false, status: 500, body: 'oh' },
      /fails: HTTP 500; given up after 6\d s/,
    ],
    [
      'is a proxy that wants a sign-in',
      { kind: 'answer', acted: false, status: 200, body: '<html><body>Sign in</body></html>' },
      /does not answer as AWS does: the answer has no request id\n {2}fix: set AWS_ENDPOINT_URL/,
    ],
    [
      'redirects',
      { kind: 'answer', acted: false, status: 302, body: '' },
      /not answer as AWS does: HTTP 302\n/,
    ],
    [
      'speaks of TLS',
      { kind: 'answer', acted: false, status: 400, body: 'HTTP to HTTPS' },
      /as AWS does: HTTP 400\n/,
    ],
  ])('where the server %s', async (_, fault, words) => {
    const proxy = await proxyWith(() => fault)
    const text = await said(proxy.endpoint)
    expect(text).toMatch(words)
    expect(text).not.toMatch(/XML|JSON|deseriali[sz]ation|@aws-sdk|node_modules/i)
  })

  test('where TLS meets a plain port, and plain HTTP a TLS port', async () => {
    const plain = await proxyWith(() => undefined)
    expect(await said(plain.endpoint.replace('http:', 'https:'))).toMatch(/does not speak TLS \(EPROTO\)/)
    const tls = createTlsServer()
    const endpoint = await listening(tls)
    expect(await said(endpoint)).toMatch(/does not answer: (the connection breaks|it does not speak HTTP)/)
  })

  test.each([
    ['the JSON protocol', CodePipelineClient, new GetPipelineCommand({ name: 'p' }), 'CodePipeline'],
    ['S3', S3Client, new ListBucketsCommand({}), 'S3'],
  ] as const)('in %s as well', async (_, clientClass, command, name) => {
    const proxy = await proxyWith(() => ({ kind: 'truncate', honest: true }))
    const accounts = new Accounts([{ name: 'dev', account: target.account }], {
      endpoint: proxy.endpoint,
      patience: new SleepClock(),
    })
    open.push(accounts)
    const client = (await accounts.client(clientClass as never, target)) as {
      send(command: unknown): Promise<unknown>
    }
    await expect(client.send(command)).rejects.toThrow(
      new RegExp(
        `^AWS ${name} in ${target.account}/us-east-1 at http:\\S+ does not answer: its answer is cut short`,
      ),
    )
  })

  test('of a throttled STS, in a deployment: which environment, and which stacks were left out', async () => {
    const proxy = await proxyWith((request) =>
      request.operation === 'GetCallerIdentity' ? throttled(request) : undefined,
    )
    await expect(deployAt(proxy.endpoint, smallAssembly(target.account, { count: 30 }))).rejects.toThrow(
      /^first-0 in dev \(\d{12}, us-east-1\) failed: dev: AWS STS in \d{12}\/us-east-1 .* throttles[\s\S]*and 27 more for the same reason$/,
    )
  })
})

test('stacks of an account that does not answer any more are not begun', async () => {
  const proxy = await proxyWith(({ operation }) =>
    operation === 'CreateChangeSet' ? { kind: 'reset', acted: false } : undefined,
  )
  const concurrency = { perTarget: 2, total: 5 }
  const clock = new SleepClock()
  await expect(
    deployAt(proxy.endpoint, smallAssembly(target.account, { count: 30 }), { concurrency, clock }),
  ).rejects.toThrow(/CloudFormation .* does not answer: the connection breaks; given up[\s\S]*and 27 more/)
  expect(clock.now()).toBeLessThan(150_000)
})

test('a cloud that is gone for a while is waited for', async () => {
  const clock = new SleepClock()
  const proxy = await proxyWith(({ operation }) =>
    operation === 'ExecuteChangeSet' && clock.now() < 30_000 ? { kind: 'reset', acted: false } : undefined,
  )
  const { outcomes, waits } = await deployAt(proxy.endpoint, smallAssembly(target.account), { clock })
  expect(outcomes).toEqual({ 'first-0': 'created', second: 'created' })
  expect(waits[0]).toMatch(/^waiting: AWS CloudFormation in .* does not answer: the connection breaks$/)
})

test('whoever ends the waiting ends it at once, also in the middle of a rest', async () => {
  const ending = new AbortController()
  const proxy = await proxyWith((request) => throttled(request))
  const accounts = new Accounts([{ name: 'dev', account: target.account }], {
    endpoint: proxy.endpoint,
    patience: { until: ending.signal },
  })
  open.push(accounts)
  const verified = accounts.verify(target).catch((error: Error) => error.message)
  await vi.waitFor(() => expect(proxy.counts.get('answer')).toBeGreaterThan(1), { interval: 5 })
  ending.abort()
  expect(await verified).toMatch(/throttles: Rate exceeded/)
})
