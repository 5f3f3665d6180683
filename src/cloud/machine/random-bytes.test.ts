import { describe, expect, it } from 'vitest'
import { randomBytes } from './random-bytes.ts'

describe('randomBytes', () => {
  it('gives none twice, of any length', () => {
    const given = Array.from({ length: 2_000 }, (_, index) => randomBytes(12 + (index % 40)))
    expect(given.map((one) => one.length)).toEqual(given.map((_, index) => 12 + (index % 40)))
    expect(new Set(given.map((one) => one.toString('hex'))).size).toBe(given.length)
    const large = randomBytes(10_000)
    expect(large.length).toBe(10_000)
    expect(large.subarray(-16).equals(Buffer.alloc(16))).toBe(false)
  })

  it('gives memory that no later draw changes', () => {
    const first = randomBytes(16)
    const copy = Buffer.from(first)
    for (let draw = 0; draw < 1_000; draw++) randomBytes(16)
    expect(first.equals(copy)).toBe(true)
  })
})
