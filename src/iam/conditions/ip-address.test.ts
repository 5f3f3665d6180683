import { describe, expect, it } from 'vitest'
import { parseRange } from './ip-address.ts'

describe('parseRange', () => {
  it.each([
    ['203.0.113.0/24', 4, 24],
    ['203.0.113.5', 4, 32],
    ['2001:db8::/32', 16, 32],
    ['::1', 16, 128],
    ['::ffff:203.0.113.5', 16, 128],
    [' 10.0.0.0/8 ', 4, 8],
  ])('reads %s', (text, length, prefix) => {
    const range = parseRange(text)
    expect(range?.bytes).toHaveLength(length)
    expect(range?.prefix).toBe(prefix)
  })

  it('reads the IPv4 tail of an IPv6 address', () => {
    expect(parseRange('::ffff:203.0.113.5')?.bytes.slice(10)).toEqual([255, 255, 203, 0, 113, 5])
  })

  it.each([
    '',
    '203.0.113',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/a',
    '1.2.3.4/8/8',
    '2001:db8::/129',
    'x',
  ])('refuses %s', (text) => {
    expect(parseRange(text)).toBeUndefined()
  })
})
