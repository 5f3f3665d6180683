/** When schedules are due. */
import { describe, expect, it } from 'vitest'
import { parseSchedule } from './schedule-expression.ts'

const time = (text: string): number => Date.parse(`${text}Z`)
const iso = (value: number | undefined) => value && new Date(value).toISOString().slice(0, 16)

/** The first times after the start. */
function times(expression: string, start: string, count: number): (string | number | undefined)[] {
  const next = parseSchedule(expression, time(start))
  const found: (number | undefined)[] = []
  let after: number | undefined = time(start)
  while (found.length < count && after !== undefined) {
    after = next(after)
    found.push(after)
  }
  return found.map(iso)
}

describe('rate', () => {
  it('counts from when the rule was made', () => {
    expect(times('rate(5 minutes)', '2026-03-01T10:02', 3)).toEqual([
      '2026-03-01T10:07',
      '2026-03-01T10:12',
      '2026-03-01T10:17',
    ])
    expect(iso(parseSchedule('rate(1 day)', time('2026-03-01T10:00'))(time('2026-03-04T11:00')))).toBe(
      '2026-03-05T10:00',
    )
    expect(times('rate(1 hour)', '2026-03-01T10:02', 1)).toEqual(['2026-03-01T11:02'])
  })

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(1 week)',
    'rate(-1 day)',
    'rate()',
    'every day',
    '',
  ])('is not: %s', (expression) => {
    expect(() => parseSchedule(expression, 0)).toThrow('Parameter ScheduleExpression is not valid.')
  })
})

describe('cron', () => {
  it.each([
    ['0 10 * * ? *', ['2026-03-01T10:00', '2026-03-02T10:00']],
    ['15 12 * * ? *', ['2026-03-01T12:15', '2026-03-02T12:15']],
    ['0 18 ? * MON-FRI *', ['2026-03-02T18:00', '2026-03-03T18:00']],
    ['0 8 1 * ? *', ['2026-03-01T08:00', '2026-04-01T08:00']],
    ['0/15 * * * ? *', ['2026-03-01T00:15', '2026-03-01T00:30', '2026-03-01T00:45', '2026-03-01T01:00']],
    ['1/10 0 * * ? *', ['2026-03-01T00:01', '2026-03-01T00:11']],
    ['0/30 20-2 ? * MON *', ['2026-03-02T00:00', '2026-03-02T00:30']],
    ['5,35 14 * * ? *', ['2026-03-01T14:05', '2026-03-01T14:35', '2026-03-02T14:05']],
    ['15 10 ? * 6L 2026-2027', ['2026-03-27T10:15', '2026-04-24T10:15']],
    ['0 0 ? * 3#2 *', ['2026-03-10T00:00', '2026-04-14T00:00']],
    ['0 0 ? * L *', ['2026-03-07T00:00', '2026-03-14T00:00']],
    ['0 0 L FEB,MAR ? *', ['2026-03-31T00:00', '2027-02-28T00:00']],
    ['0 0 1W * ? *', ['2026-03-02T00:00', '2026-04-01T00:00']],
    ['0 0 15W 8 ? *', ['2026-08-14T00:00', '2027-08-16T00:00']],
    ['0 0 LW 5 ? *', ['2026-05-29T00:00', '2027-05-31T00:00']],
    ['0 0 29 2 ? *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['59 23 31 12 ? 2026/2', ['2026-12-31T23:59', '2028-12-31T23:59']],
  ])('%s', (fields, expected) => {
    expect(times(`cron(${fields})`, '2026-03-01T00:00', expected.length)).toEqual(expected)
  })

  it('ends', () => {
    expect(times('cron(0 0 1 1 ? 2026)', '2026-03-01T00:00', 1)).toEqual([undefined])
    expect(times('cron(0 0 30 2 ? *)', '2026-03-01T00:00', 1)).toEqual([undefined])
  })

  it.each([
    '0 10 * * * *',
    '0 10 ? * ? *',
    '0 10 * * ?',
    '60 10 * * ? *',
    '0 24 * * ? *',
    '0 0 32 * ? *',
    '0 0 * 13 ? *',
    '0 0 ? * 8 *',
    '0 0 ? * 3#6 *',
    '0 0 ? * 3#1,6#3 *',
    '0 0 * * ? 1969',
    '*/0 * * * ? *',
    '0 0 1-2-3 * ? *',
    'a b c d e f',
  ])('is not: %s', (fields) => {
    expect(() => parseSchedule(`cron(${fields})`, 0)).toThrow('Parameter ScheduleExpression is not valid.')
  })
})
