import { expect, test } from 'vitest'
import type { Landscape } from '../landscape/landscape.ts'
import type { Edge, Use } from './proof.ts'
import { usesInOrder } from './uses-in-order.ts'

test('actions come as they run, what is no action of a pipeline last', () => {
  const action = (name: string, runOrder?: number) => ({ name, runOrder })
  const stages = [
    { name: 'Source', actions: [action('Source')] },
    { name: 'Prod', actions: [action('Execute', 3), action('Approve', 2), action('Prepare')] },
  ]
  const landscape = { pipelines: [{ declaration: { name: 'orders', stages } }] } as unknown as Landscape
  const use = (stage?: string, name?: string): Use => ({ pipeline: 'orders', stage, action: name })
  const edges = [
    { uses: [use('the stack orders'), use('Prod', 'Execute')] },
    { uses: [use('Prod', 'Prepare'), use('Prod', 'Execute'), use('Prod', 'Approve')] },
    { uses: [use('Source', 'Source'), use()] },
  ] as unknown as Edge[]
  expect(usesInOrder(landscape, edges).map(({ stage, action: name }) => [stage, name])).toEqual([
    [undefined, undefined],
    ['Source', 'Source'],
    ['Prod', 'Prepare'],
    ['Prod', 'Approve'],
    ['Prod', 'Execute'],
    ['the stack orders', undefined],
  ])
})
