/** Schedule expressions, after the examples of EventBridge's guide. */
import { describe, expect, it } from 'vitest'
import { parseSchedule } from './schedule.ts'

const next = (expression: string, now: string, since = now): string | undefined => {
  const time = parseSchedule(expression)?.next(Date.parse(now), Date.parse(since))
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16)
}

describe('parseSchedule', () => {
  it.each([
    ['rate(1 minute)', '2026-11-21T10:00:30Z', '2026-11-21T10:01'],
    ['rate(5 minutes)', '2026-11-21T10:00:00Z', '2026-11-21T10:05'],
    ['rate(2 hours)', '2026-11-21T10:00:00Z', '2026-11-21T12:00'],
    ['cron(0 10 * * ? *)', '2026-11-21T10:00:00Z', '2026-11-22T10:00'],
    ['cron(15 12 * * ? *)', '2026-11-21T10:00:00Z', '2026-11-21T12:15'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-21T10:00:00Z', '2026-11-23T18:00'],
    ['cron(0 8 1 * ? *)', '2026-11-21T10:00:00Z', '2026-12-01T08:00'],
    ['cron(0/15 * * * ? *)', '2026-11-21T10:07:00Z', '2026-11-21T10:15'],
    ['cron(0/10 * ? * MON-FRI *)', '2026-11-21T10:07:00Z', '2026-11-23T00:00'],
    ['cron(0 0 L * ? *)', '2028-02-10T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 9 15W * ? *)', '2026-11-01T00:00:00Z', '2026-11-16T09:00'],
    ['cron(0 9 LW * ? *)', '2026-10-05T00:00:00Z', '2026-10-30T09:00'],
    ['cron(0 9 ? * 3#2 *)', '2026-11-01T00:00:00Z', '2026-11-10T09:00'],
    ['cron(0 9 ? * 6L *)', '2026-11-01T00:00:00Z', '2026-11-27T09:00'],
    ['cron(30 4 ? JAN,JUL SUN 2027)', '2026-11-01T00:00:00Z', '2027-01-03T04:30'],
    ['cron(0 0 29 2 ? *)', '2026-11-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 0 1 1 ? 2020)', '2026-11-01T00:00:00Z', undefined],
  ])('%s after %s is %s', (expression, now, expected) => {
    expect(next(expression, now)).toBe(expected)
  })

  it('counts a rate from where it began', () => {
    expect(next('rate(10 minutes)', '2026-11-21T10:25:00Z', '2026-11-21T10:03:00Z')).toBe('2026-11-21T10:33')
  })

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(60 10 * * ? *)',
    'cron(0 10 * * ?)',
    'cron(0 10 32 * ? *)',
    'every day',
  ])('refuses %s', (expression) => {
    expect(parseSchedule(expression)).toBeUndefined()
  })
})
