import { describe, expect, it } from 'vitest'
import type { ObjectVersion } from '../state.ts'
import { parseRange, wantedBytes } from './byte-range.ts'

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0, contentRange: 'bytes 0-0/10' }],
    ['bytes=5-', { start: 5, end: 9, contentRange: 'bytes 5-9/10' }],
    ['bytes=-4', { start: 6, end: 9, contentRange: 'bytes 6-9/10' }],
    ['bytes=-40', { start: 0, end: 9, contentRange: 'bytes 0-9/10' }],
    ['bytes=2-400', { start: 2, end: 9, contentRange: 'bytes 2-9/10' }],
    ['bytes=4-2', undefined],
    ['bytes=0-1,3-4', undefined],
    ['items=0-1', undefined],
    ['bytes=-', undefined],
  ])('reads %s', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected)
  })

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
  ])('cannot satisfy %s of %d bytes', (header, size) => {
    expect(() => parseRange(header, size)).toThrow('The requested range is not satisfiable')
  })
})

describe('wantedBytes', () => {
  const version = {
    size: 7,
    segments: [
      { size: 5, part: 1 },
      { size: 2, part: 4 },
    ],
  } as unknown as ObjectVersion

  it('finds parts by their place in the object', () => {
    expect(wantedBytes(version, { PartNumber: 2 })).toEqual({ start: 5, end: 6, contentRange: 'bytes 5-6/7' })
    expect(() => wantedBytes(version, { PartNumber: 3 })).toThrow('partnumber is not satisfiable')
    expect(() => wantedBytes(version, { PartNumber: 1, Range: 'bytes=0-1' })).toThrow('Cannot specify both')
    expect(wantedBytes(version, {})).toEqual({ start: 0, end: 6 })
  })
})
