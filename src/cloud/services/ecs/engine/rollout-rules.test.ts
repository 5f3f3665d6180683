/** The numbers of deployments: bounds and thresholds. */
import { expect, it } from 'vitest'
import { bounds, breakerOf } from './rollout-rules.ts'

type Threshold = NonNullable<
  NonNullable<
    NonNullable<
      Parameters<typeof breakerOf>[0]['settings']['deploymentConfiguration']
    >['deploymentCircuitBreaker']
  >['thresholdConfiguration']
>

it.each<[number, Threshold | undefined, number]>([
  [1, undefined, 3],
  [25, undefined, 13],
  [400, undefined, 200],
  [800, undefined, 200],
  [100, { type: 'BOUNDED_PERCENT', value: 10 }, 10],
  [10, { type: 'BOUNDED_PERCENT', value: 10 }, 3],
  [10, { type: 'UNBOUNDED_PERCENT', value: 10 }, 1],
  [800, { type: 'UNBOUNDED_PERCENT', value: 50 }, 400],
  [800, { type: 'COUNT', value: 2 }, 2],
])('%i tasks with %o may fail %i times', (desiredCount, thresholdConfiguration, threshold) => {
  const deploymentCircuitBreaker = { enable: true, rollback: true, thresholdConfiguration }
  const settings = { deploymentConfiguration: { deploymentCircuitBreaker } }
  expect(breakerOf({ desiredCount, settings }).threshold).toBe(threshold)
})

it.each([
  [2, 75, 125, { least: 2, most: 2 }],
  [3, 50, 125, { least: 2, most: 3 }],
  [10, 100, 200, { least: 10, most: 20 }],
])('of %i tasks %i to %i percent are %o', (desiredCount, minimumHealthyPercent, maximumPercent, expected) => {
  const settings = { deploymentConfiguration: { minimumHealthyPercent, maximumPercent } }
  expect(bounds({ desiredCount, settings })).toEqual(expected)
})
