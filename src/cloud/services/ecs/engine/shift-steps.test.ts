/** Steps of traffic: all at once, equal ones, and some first. */
import { expect, it } from 'vitest'
import { nextShare, stepMinutes } from './shift-steps.ts'

type Configuration = Parameters<typeof nextShare>[0]['configuration']

/** The shares from the first step to the last, each with its minutes. */
function steps(configuration: Configuration, source: string | undefined = 'ecs-svc/1') {
  const taken: [number, number][] = []
  for (let production = 0; production < 100; ) {
    production = nextShare({ configuration, source, shift: { production } })
    taken.push([production, stepMinutes({ configuration, source, shift: { production } })])
  }
  return taken
}

it.each<[string, Configuration, [number, number][]]>([
  ['blue/green', { strategy: 'BLUE_GREEN' }, [[100, 0]]],
  [
    'linear',
    { strategy: 'LINEAR', linearConfiguration: { stepPercent: 33.4, stepBakeTimeInMinutes: 2 } },
    [
      [33.4, 2],
      [66.8, 2],
      [100, 0],
    ],
  ],
  [
    'canary by default',
    { strategy: 'CANARY' },
    [
      [5, 10],
      [100, 0],
    ],
  ],
])('%s', (_name, configuration, expected) => {
  expect(steps(configuration)).toEqual(expected)
})

it('linear by default comes to all in ten steps of six minutes', () => {
  const taken = steps({ strategy: 'LINEAR' })
  expect(taken).toHaveLength(10)
  expect(taken[0]).toEqual([10, 6])
})

it('where nothing served before all is shifted at once', () => {
  expect(nextShare({ configuration: { strategy: 'LINEAR' }, shift: { production: 0 } })).toBe(100)
})
