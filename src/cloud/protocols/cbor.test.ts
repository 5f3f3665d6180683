import { describe, expect, it } from 'vitest'
import { readCbor, Seconds, writeCbor } from './cbor.ts'

const read = (hex: string) => readCbor(Buffer.from(hex, 'hex'))

describe('CBOR', () => {
  /** RFC 8949, appendix A. */
  it.each([
    ['1819', 25],
    ['1a000f4240', 1_000_000],
    ['3903e7', -1000],
    ['f93c00', 1],
    ['f97bff', 65_504],
    ['f90001', 2 ** -24],
    ['fa47c35000', 100_000],
    ['fbc010666666666666', -4.1],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f5', true],
    ['f6', null],
    ['c11a514b67b0', 1_363_896_240],
    ['6449455446', 'IETF'],
    ['83010203', [1, 2, 3]],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ])('reads %s', (hex, value) => expect(read(hex)).toEqual(value))

  it('reads what it writes', () => {
    const value = {
      text: 'é'.repeat(200),
      whole: [0, 23, 24, 255, 256, 65_536, 4_294_967_296, -1, -500],
      broken: 1.5,
      yes: true,
      bytes: Buffer.from('x'),
    }
    expect(readCbor(writeCbor(value))).toEqual(value)
    expect(writeCbor(new Seconds(1.5)).toString('hex')).toBe('c1fb3ff8000000000000')
    expect(writeCbor({ a: undefined }).toString('hex')).toBe('a0')
  })

  it.each([
    ['what ends too early', '1a00'],
    ['a text that is longer than the body', '7a7fffffff61'],
    ['a list that claims more than is there', '9b7fffffffffffffff01'],
    ['a break without a beginning', 'ff'],
    ['what is nested too deeply', '81'.repeat(10_000)],
  ])('refuses %s', (_, hex) => expect(() => read(hex)).toThrow(/cbor|nested/))
})
