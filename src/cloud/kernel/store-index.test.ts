/** An index gives what a look at all records would. */
import { expect, test } from 'vitest'
import { recordIndex, TableIndexes } from './store-index.ts'

interface Thing {
  readonly tags: readonly string[]
}

test('an index follows what is put, changed and deleted, whenever it is first asked', () => {
  const byTag = recordIndex<Thing>((thing) => thing.tags)
  const late = recordIndex<Thing>((thing) => thing.tags)
  const records = new Map<string, Thing>()
  const indexes = new TableIndexes(records)
  const put = (id: string, tags: string[]) => {
    indexes.change(id, { tags })
    records.set(id, { tags })
  }
  const byLooking = (tag: string) => [...records.values()].filter((one) => one.tags.includes(tag))
  expect(indexes.find(byTag, 'a')).toEqual([])
  put('1', ['a', 'b'])
  put('2', ['b'])
  put('1', ['b', 'c'])
  put('3', ['a'])
  indexes.change('2', undefined)
  records.delete('2')
  for (const tag of ['a', 'b', 'c', 'd', 'constructor']) {
    expect(indexes.find(byTag, tag)).toEqual(byLooking(tag))
    expect(indexes.find(late, tag)).toEqual(byLooking(tag))
  }
})
