import { describe, expect, it } from 'vitest'
import { Turns } from './choose.ts'

const shares = (weights: readonly number[], times: number): number[] => {
  const turns = new Turns()
  const counts = weights.map(() => 0)
  for (let at = 0; at < times; at++) counts[turns.next(weights)!]! += 1
  return counts
}

describe('turns by weight', () => {
  it.each([
    [[90, 10], 100, [90, 10]],
    [[90, 10], 10, [9, 1]],
    [[1, 1], 10, [5, 5]],
    [[5, 3, 2], 20, [10, 6, 4]],
    [[0, 7], 5, [0, 5]],
    [[999, 1], 1000, [999, 1]],
  ])('%j over %d are %j', (weights, times, expected) => {
    expect(shares(weights, times)).toEqual(expected)
  })

  it('are spread evenly', () => {
    const turns = new Turns()
    const order = Array.from({ length: 8 }, () => turns.next([3, 1]))
    expect(order).toEqual([0, 0, 1, 0, 0, 0, 1, 0])
  })

  it('begin anew when the weights change, and nobody has one where all are zero', () => {
    const turns = new Turns()
    for (let at = 0; at < 3; at++) turns.next([90, 10])
    expect([turns.next([0, 1]), turns.next([1, 0])]).toEqual([1, 0])
    expect(turns.next([0, 0])).toBeUndefined()
    expect(turns.next([])).toBeUndefined()
  })
})
