/** Asynchronous invocations that fail are tried again; functions, logs and events outlive a restart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda'
import { afterAll, expect, it } from 'vitest'
import { type Clock, startCloud } from '../../../src/cloud/index.ts'
import { startTestCloud } from '../cloud.ts'
import { invoke, LambdaClient, makeFunction, makeRole, until } from './functions.ts'

/** A clock on which waiting takes no time. */
function hastyClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = []
  let ahead = 0
  return {
    waits,
    now: () => Date.now() + ahead,
    date: () => new Date(Date.now() + ahead),
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      ahead += milliseconds
    },
  }
}

const clock = hastyClock()
const test = await startTestCloud({ clock })
const lambda = test.client(LambdaClient)
const logs = test.client(CloudWatchLogsClient)
const role = await makeRole(test, 'runner')
const failing = 'export const handler = async () => { console.log("attempt"); throw new Error("no") }'

async function attempts(name: string): Promise<number> {
  await test.cloud.settled()
  const input = { logGroupName: `/aws/lambda/${name}`, filterPattern: '"INFO" attempt' }
  return (await logs.send(new FilterLogEventsCommand(input))).events!.length
}

it('tries an event three times, after one minute and two more', async () => {
  await makeFunction(lambda, 'retried', role, failing)
  await invoke(lambda, 'retried', {}, { InvocationType: 'Event' })
  expect(await attempts('retried')).toBe(3)
  expect(clock.waits).toEqual([60_000, 120_000])
})

it('tries as often as the function is configured to', async () => {
  await makeFunction(lambda, 'once', role, failing)
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: 'once', MaximumRetryAttempts: 0 }),
  )
  await invoke(lambda, 'once', {}, { InvocationType: 'Event' })
  expect(await attempts('once')).toBe(1)
})

const data = mkdtempSync(join(tmpdir(), 'crossdock-restart-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

it('keeps functions and logs across a restart, and takes up events that were waiting', async () => {
  const bugs: unknown[] = []
  const onBug = (_where: string, error: unknown) => bugs.push(error)
  const connect = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const waiting: Clock = {
    now: () => Date.now(),
    date: () => new Date(),
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  }
  const first = await startCloud({ data, onBug, clock: waiting })
  const client = new LambdaClient(connect(first.endpoint))
  const own = await makeRole(
    { ...test, cloud: first, client: (one) => new one(connect(first.endpoint) as never) },
    'own',
  )
  await makeFunction(client, 'durable', own, failing)
  await invoke(client, 'durable', {}, { InvocationType: 'Event' })
  const reader = new CloudWatchLogsClient(connect(first.endpoint))
  const input = { logGroupName: '/aws/lambda/durable', filterPattern: '"INFO" attempt' }
  const count = (one: CloudWatchLogsClient) =>
    one.send(new FilterLogEventsCommand(input)).then(
      ({ events }) => events!.length,
      () => 0,
    )
  await until(
    () => count(reader),
    (seen) => seen === 1,
  )
  await first.stop()

  const second = await startCloud({ data, onBug, clock: hastyClock() })
  const later = new CloudWatchLogsClient(connect(second.endpoint))
  await second.settled()
  expect(await count(later)).toBe(3)
  const answer = await invoke(new LambdaClient(connect(second.endpoint)), 'durable')
  expect(answer.result.errorMessage).toBe('no')
  await second.stop()
  expect(bugs).toEqual([])
})
