import { expect, test } from 'vitest'
import { Lane } from './lane.ts'

/** Asks for so many places, and gives the numbers of those that got one so far. */
async function entering(lane: Lane, count: number): Promise<number[]> {
  const entered: number[] = []
  for (let at = 0; at < count; at++) lane.enter().then((number) => entered.push(number))
  await new Promise((resolve) => setImmediate(resolve))
  return entered
}

test('lets out twenty calls at first, and the next when one comes back', async () => {
  const lane = new Lane()
  const entered = await entering(lane, 25)
  expect(entered).toHaveLength(20)
  lane.leave()
  await new Promise((resolve) => setImmediate(resolve))
  expect(entered).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
})

test('lets out half as many after a refusal, once for all that went out together', async () => {
  const lane = new Lane()
  const numbers = await entering(lane, 20)
  for (const number of numbers) lane.throttled(number)
  for (const _ of numbers) lane.leave()
  expect(await entering(lane, 20)).toHaveLength(10)
  lane.throttled(25)
  for (let at = 0; at < 10; at++) lane.leave()
  expect(await entering(lane, 20)).toHaveLength(0)
})

test('never lets out fewer than one', async () => {
  const lane = new Lane()
  for (let at = 0; at < 10; at++) {
    const number = await lane.enter()
    lane.throttled(number)
    lane.leave()
  }
  expect(await entering(lane, 3)).toHaveLength(1)
})

test('lets out more with each success, up to forty', async () => {
  const lane = new Lane()
  for (let at = 0; at < 21; at++) lane.succeeded()
  expect(await entering(lane, 50)).toHaveLength(21)
  const busy = new Lane()
  for (let at = 0; at < 5000; at++) busy.succeeded()
  expect(await entering(busy, 50)).toHaveLength(40)
})

test('a success ends the trouble', () => {
  const lane = new Lane()
  lane.troubledSince = 7
  lane.succeeded()
  expect(lane.troubledSince).toBeUndefined()
})
