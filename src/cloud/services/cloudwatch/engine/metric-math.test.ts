import { describe, expect, it } from 'vitest'
import { type Names, parseMath } from './metric-math.ts'

/** Reads an expression and gives its values, of which `-` is none, for the values of its metrics. */
function series(text: string, metrics: Readonly<Record<string, readonly (number | '-')[]>>) {
  const names: Names = {
    metrics: Object.keys(metrics),
    period: 60,
    find: (id) => (metrics[id] ? { isSeries: true, at: (read) => read(id) } : undefined),
  }
  const math = parseMath(text, names)
  return Object.values(metrics)[0]!.map((_, index) => {
    const value = math.at((id) => {
      const one = metrics[id]?.[index]
      return one === '-' ? undefined : one
    })
    return value ?? '-'
  })
}

const two = { metric1: [30, 20, 0, 0], metric2: [20, '-', 20, '-'] } as const
const rates = { errors: [1, 0, '-', '-'], faults: [2, '-', '-', 1], requests: [10, 0, 4, '-'] } as const

describe('metric math', () => {
  it.each([
    // The examples of "Comparison and logical operators".
    ['(metric1 < metric2)', two, [0, 0, 1, 0]],
    ['(metric1 >= 30)', two, [1, 0, 0, 0]],
    ['(metric1 > 15 AND metric2 > 15)', two, [1, 0, 0, 0]],
    ['metric1 > 25 || metric2 == 20', two, [1, 0, 1, 0]],
    // What would be divided by zero is dropped, and what one lacks is zero.
    ['100 * errors / requests', rates, [10, '-', 0, '-']],
    ['errors + faults * 2', rates, [5, 0, '-', 2]],
    ['(errors + faults) * 2 ^ 2', rates, [12, 0, '-', 4]],
    ['-errors - -1', rates, [0, 1, '-', '-']],
    ['SUM([errors, faults])', rates, [3, 0, '-', 1]],
    ['SUM(METRICS("r")) / PERIOD(errors)', { errors: [60], other: [60], m: [1] }, [2]],
    ["SUM([METRICS('err'), METRICS('fau')])", rates, [3, 0, '-', 1]],
    ['AVG(METRICS())', rates, [13 / 3, 0, 4 / 3, 1 / 3]],
    ['MAX([errors, faults]) - MIN([errors, faults])', rates, [1, 0, '-', 0]],
    ['MAX(ABS([errors, faults] * -10))', rates, [20, 0, '-', 10]],
    ['METRIC_COUNT(METRICS()) + 0 * requests', rates, [3, 3, 3, '-']],
    ['FILL(errors, 0)', rates, [1, 0, 0, 0]],
    ['FILL(errors, faults)', rates, [1, 0, '-', 1]],
    ['IF(requests > 5, errors)', rates, [1, '-', '-', '-']],
    ['IF(requests, errors, 7)', rates, [1, 7, 0, '-']],
    ['IF(1, errors, 7)', rates, [1, 0, '-', '-']],
    ['CEIL(requests / 3) + FLOOR(LAST(METRICS()) / 3)', rates, [7, 0, 3, '-']],
    ['TIME_SERIES(2)', rates, [2, 2, 2, 2]],
  ] as const)('%s', (text, metrics, expected) => {
    expect(series(text, metrics)).toEqual(expected)
  })

  it.each([
    ['errors /', /it ends too early/],
    ['errors requests', /requests is not expected/],
    ['errors ; 1', /; 1 is not expected/],
    ['nobody + 1', /no metric and no expression of the id nobody/],
    ['1 + 1', /it gives a number/],
    ['METRICS()', /it gives several series/],
    ['errors - SUM(faults)', /does not support SUM of a single series/],
    ['RATE(errors)', /does not support RATE in metric math; it has ABS, /],
    ['FILL(errors, REPEAT)', /does not support FILL with REPEAT/],
    ['constructor(errors)', /does not support constructor/],
    [`${'('.repeat(200)}errors${')'.repeat(200)}`, /nested too deep/],
  ])('refuses %s', (text, why) => {
    expect(() => series(text, rates)).toThrow(why)
  })
})
