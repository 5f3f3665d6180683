/** Circles in a graph. */
import { expect, test } from 'vitest'
import { circular } from './order.ts'

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges))

test('names the members of a circle, not what leads to it or from it', () => {
  const edges = { Root: [], A: ['B', 'Root'], B: ['C'], C: ['A'], User: ['A'] }
  expect(circular(graph(edges))).toEqual(['A', 'B', 'C'])
})

test('finds none where there is none', () => {
  expect(circular(graph({ A: ['B', 'C'], B: ['C'], C: [] }))).toEqual([])
  expect(circular(graph({ A: ['Elsewhere'] }))).toEqual([])
})
