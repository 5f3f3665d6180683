import { expect, test } from 'vitest'
import { type FakeCall, fakeAccounts } from '../../tests/fake-accounts.ts'
import type { Target } from '../model/index.ts'
import { fleetRecord, keepPlaces } from './fleet-places.ts'

const home = { hub: { account: '111111111111', region: 'us-east-1' }, prefix: 'crossdock-acme-' }
const at = (account: string, ...regions: string[]): Target[] => regions.map((region) => ({ account, region }))
const byText = (places: readonly Target[]) => places.map(({ account, region }) => account + region).sort()

/** A Parameter Store. */
function store(more: Readonly<Record<string, string>> = {}) {
  const values = new Map(Object.entries(more))
  const { accounts, calls } = fakeAccounts({
    GetParameters: ({ Names }: FakeCall['input']) => ({
      Parameters: Names.flatMap((Name: string) =>
        values.has(Name) ? [{ Name, Value: values.get(Name), Version: 3 }] : [],
      ),
    }),
    PutParameter: ({ Name, Value }: FakeCall['input']) => {
      values.set(Name, Value)
      return {}
    },
    DeleteParameters: ({ Names }: FakeCall['input']) => {
      for (const name of Names) values.delete(name)
      return {}
    },
  })
  return { accounts, values, operations: () => calls.splice(0).map(({ operation }) => operation) }
}

test('accounts of the same regions share a line, and what is kept already is not written again', async () => {
  const { accounts, values, operations } = store()
  const places = [
    ...at('333333333333', 'us-east-1', 'eu-west-1'),
    ...at('222222222222', 'eu-west-1', 'us-east-1'),
    ...at('111111111111', 'us-east-1'),
  ]
  await keepPlaces(accounts, home, await fleetRecord(accounts, home), places)
  expect(values.get('/crossdock/crossdock-acme/places')).toBe(
    'eu-west-1 us-east-1: 222222222222 333333333333\nus-east-1: 111111111111',
  )
  operations()
  const kept = await fleetRecord(accounts, home)
  expect(byText(kept.places)).toEqual(byText(places))
  await keepPlaces(accounts, home, kept, places.toReversed())
  expect(operations()).toEqual(['GetParameters'])
})

test('four thousand accounts take as many parameters as they need, and fewer afterwards', async () => {
  const { accounts, values } = store({
    '/crossdock/crossdock-acme/lock': 'somebody',
    '/crossdock/other/places': 'x',
  })
  const places = Array.from({ length: 4000 }, (_, index) =>
    at(String(100_000_000_000 + index), 'us-east-1', 'eu-west-1'),
  ).flat()
  const none = await fleetRecord(accounts, home)
  expect(none).toEqual({ places: [], names: [], lock: { text: 'somebody', version: 3 } })
  await keepPlaces(accounts, home, none, places)
  expect(Math.max(...[...values.values()].map((text) => text.length))).toBeLessThanOrEqual(4096)
  const kept = await fleetRecord(accounts, home)
  expect(kept.names).toHaveLength(14)
  expect(byText(kept.places)).toEqual(byText(places))
  await keepPlaces(accounts, home, kept, places.slice(0, 2))
  expect((await fleetRecord(accounts, home)).names).toEqual(['/crossdock/crossdock-acme/places'])
  await keepPlaces(accounts, home, await fleetRecord(accounts, home), [])
  expect([...values.keys()]).toEqual(['/crossdock/crossdock-acme/lock', '/crossdock/other/places'])
})
