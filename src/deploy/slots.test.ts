/** Never more at work than there are places, and none of them stays empty. */
import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

const target = (account: string, region = 'us-east-1') => ({ account, region })

/** Runs work that ends when told; `begun` lists what is or was at work. */
function harness(perTarget: number, total: number) {
  const slots = new Slots({ perTarget, total })
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const add = (name: string, account: string) =>
    slots.run(target(account), () => {
      begun.push(name)
      return new Promise<void>((resolve) => ends.set(name, resolve))
    })
  const end = async (name: string) => {
    ends.get(name)!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { add, begun, end, settle }
}

test('an account and region that is full does not hold up another', async () => {
  const { add, begun, end, settle } = harness(2, 10)
  for (const name of ['a1', 'a2', 'a3', 'a4']) void add(name, '1')
  void add('b1', '2')
  await settle()
  expect(begun).toEqual(['a1', 'a2', 'b1'])
  await end('a2')
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3'])
  await end('b1')
  expect(begun).toHaveLength(4)
})

test('the total holds, and its places are shared out', async () => {
  const { add, begun, end, settle } = harness(3, 4)
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void add(name, '1')
  for (const name of ['b1', 'b2', 'b3']) void add(name, '2')
  await settle()
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1'])
  await end('a1')
  await end('a2')
  expect(begun.slice(4).sort()).toEqual(['a4', 'b2'])
})

test('work that fails frees its place', async () => {
  const slots = new Slots({ perTarget: 1, total: 1 })
  const failed = slots.run(target('1'), () => Promise.reject(new Error('no')))
  const next = slots.run(target('1'), async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
