/** Capacity providers by base and weight. */
import { expect, it } from 'vitest'
import { chooseProviders } from './choose-providers.ts'

const SPOT_AFTER_TWO = [
  { capacityProvider: 'FARGATE', base: 2, weight: 1 },
  { capacityProvider: 'FARGATE_SPOT', weight: 3 },
]

it.each([
  ['without a strategy there is none', undefined, [], [undefined, undefined]],
  ['the base comes first', SPOT_AFTER_TWO, [], ['FARGATE', 'FARGATE']],
  [
    'then the weights',
    SPOT_AFTER_TWO,
    ['FARGATE', 'FARGATE'],
    ['FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE', 'FARGATE_SPOT'],
  ],
  ['what is there already counts', SPOT_AFTER_TWO, ['FARGATE_SPOT'], ['FARGATE', 'FARGATE', 'FARGATE_SPOT']],
])('%s', (_what, strategy, present, expected) => {
  const chosen = chooseProviders(strategy, present, expected.length)
  expect([...chosen].sort()).toEqual([...expected].sort())
})
