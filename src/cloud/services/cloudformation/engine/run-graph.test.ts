/** The order in which a graph of tasks runs. */
import { expect, test } from 'vitest'
import { runGraph } from './run-graph.ts'

const edges: Record<string, string[]> = { A: [], B: ['A'], C: ['A'], D: ['B', 'C'] }
const names = Object.keys(edges)

test('starts a task when all it comes after are done', async () => {
  const order: string[] = []
  const { done } = await runGraph(
    names,
    (name) => edges[name]!,
    async (name) => order.push(name) > 0,
  )
  expect(order).toEqual(['A', 'B', 'C', 'D'])
  expect([...done]).toHaveLength(4)
})

test('skips what comes after a failure and goes on with the rest', async () => {
  const outcome = await runGraph(
    names,
    (name) => edges[name]!,
    async (name) => name !== 'B',
  )
  expect([...outcome.done]).toEqual(['A', 'C'])
  expect([...outcome.failed]).toEqual(['B'])
  expect([...outcome.skipped]).toEqual(['D'])
})

test('starts nothing more once it is told to stop, and waits for what runs', async () => {
  let stopped = false
  let finished = false
  const outcome = await runGraph(
    ['Slow', 'Fast', 'Next'],
    (name) => (name === 'Next' ? ['Fast'] : []),
    async (name) => {
      if (name === 'Fast') {
        stopped = true
        return true
      }
      await new Promise((resolve) => setImmediate(resolve))
      finished = true
      return true
    },
    () => stopped,
  )
  expect(finished).toBe(true)
  expect([...outcome.skipped]).toEqual(['Next'])
})
