import { expect, it } from 'vitest'
import { parseStrategy } from './traffic-shift.ts'

it.each([
  ['AllAtOnce', [100], 0],
  ['Canary10Percent5Minutes', [10, 100], 5],
  ['Canary25Percent1Minute', [25, 100], 1],
  ['Linear10PercentEvery1Minute', [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 1],
  ['Linear40PercentEvery3Minutes', [40, 80, 100], 3],
  ['Canary10Percent2880Minutes', [10, 100], 2880],
])('%s', (strategy, shares, minutes) => {
  expect(parseStrategy(strategy)).toEqual({ shares, minutes })
})

it.each([
  ['allatonce', 'is none of AllAtOnce'],
  ['Canary10Percent', 'is none of'],
  ['Canary0Percent5Minutes', 'moves 0 percent'],
  ['Linear100PercentEvery1Minute', 'moves 100 percent'],
  ['Linear10PercentEvery0Minutes', 'waits for no minute'],
  ['Canary10Percent2881Minutes', 'waits for 2881 minutes in all'],
  ['Linear1PercentEvery30Minutes', 'waits for 2970 minutes in all'],
])('%s is refused', (strategy, problem) => {
  expect(parseStrategy(strategy)).toEqual({ problem: expect.stringContaining(problem) })
})
