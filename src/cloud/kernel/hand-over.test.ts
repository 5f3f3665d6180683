import { expect, test } from 'vitest'
import { AwsError } from '../../model/index.ts'
import { type Clock, randomIds } from './clock.ts'
import type { Cloud } from './cloud.ts'
import type { Context } from './context.ts'
import { handOn, handOver, owing } from './hand-over.ts'
import { type Collection, Store } from './store.ts'

/** Hands something over whose receiver answers each try with the error; tells the tries and what is a bug. */
async function handedOver(error: Error): Promise<{ tries: number; bugs: unknown[]; owing: string[] }> {
  const store = new Store()
  const clock = { sleep: async () => undefined } as unknown as Clock
  const { signal } = new AbortController()
  const tasks: Promise<unknown>[] = []
  const ctx = {
    cloud: { ids: randomIds, clock, signal } as unknown as Cloud,
    table: <T>(kind: Collection<T>) => store.of(kind, '1', 'r'),
    spawn: (_name: string, task: (own: Context) => Promise<void>) => {
      tasks.push(task(ctx).catch((bug: unknown) => bug))
    },
  } as unknown as Context
  let tries = 0
  const kind = handOver({
    name: 'test.kind',
    deliver: async () => {
      tries++
      throw error
    },
  })
  handOn(ctx, kind, 'message')
  const bugs = (await Promise.all(tasks)).filter((bug) => bug !== undefined)
  return { tries, bugs, owing: [...owing(store)] }
}

test('what a receiver refuses is dropped without a word', async () => {
  const denied = new AwsError('AccessDenied', 'No.', { status: 403 })
  expect(await handedOver(denied)).toEqual({ tries: 1, bugs: [], owing: [] })
})

test('a fault of the receiver is tried again, twice', async () => {
  const fault = new AwsError('ServiceUnavailable', 'Not now.', { status: 503 })
  expect(await handedOver(fault)).toEqual({ tries: 3, bugs: [], owing: [] })
})

test('a bug is told as one, and owed no longer', async () => {
  const bug = new TypeError('undefined is no function')
  expect(await handedOver(bug)).toEqual({ tries: 1, bugs: [bug], owing: [] })
})
