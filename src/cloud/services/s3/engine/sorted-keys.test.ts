import { describe, expect, it } from 'vitest'
import { compareKeys, SortedKeys } from './sorted-keys.ts'

const bytes = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))

describe('compareKeys', () => {
  it('orders as UTF-8 bytes do', () => {
    const keys = [
      '',
      'a',
      'a/',
      'a/b',
      'ab',
      'Z',
      'é',
      '\uffee',
      '\u{10000}',
      '\u{10ffff}',
      '\ud7ff',
      'a\u{1f600}',
    ]
    for (const a of keys)
      for (const b of keys) expect(Math.sign(compareKeys(a, b)), `${a} ${b}`).toBe(bytes(a, b))
  })
})

describe('SortedKeys', () => {
  it('stays sorted through additions and deletions', () => {
    const keys = new SortedKeys(['m'])
    const expected = new Set(['m'])
    for (let i = 0; i < 5000; i++) {
      const key = `k${(i * 7919) % 4999}`
      keys.add(key)
      expected.add(key)
      if (i % 3 === 0) {
        const gone = `k${(i * 31) % 4999}`
        keys.delete(gone)
        expected.delete(gone)
      }
    }
    expect([...keys.from(() => true)]).toEqual([...expected].sort(compareKeys))
  })

  it('begins anywhere', () => {
    const keys = new SortedKeys(Array.from({ length: 3000 }, (_, i) => `k${String(i).padStart(4, '0')}`))
    const from = keys.from((key) => key > 'k1499')
    expect([from.next().value, from.next().value]).toEqual(['k1500', 'k1501'])
    expect([...keys.from((key) => key > 'k9')]).toEqual([])
    keys.delete('not there')
    expect([...new SortedKeys().from(() => true)]).toEqual([])
  })
})
