import { describe, expect, it } from 'vitest'
import { type DeploymentWindow, parseWindow } from './deployment-window.ts'

const opens = (cron: string, zone: string | undefined, now: string): string | undefined => {
  const at = (parseWindow(cron, zone) as DeploymentWindow).opens(Date.parse(now))
  return at === undefined ? undefined : new Date(at).toISOString()
}

describe('windows', () => {
  const office = '* * 8-15 ? * MON-THU *'

  it('is open in every minute that the expression meets', () => {
    expect(opens(office, undefined, '2026-12-01T12:00:30Z')).toBe('2026-12-01T12:00:30.000Z')
    expect(opens('0 0 9-17 ? * MON-FRI *', 'UTC', '2026-12-01T09:00:59Z')).toBe('2026-12-01T09:00:59.000Z')
  })

  it('opens next on the clock of its zone', () => {
    expect(opens(office, 'Europe/Oslo', '2026-12-01T15:00:00Z')).toBe('2026-12-02T07:00:00.000Z')
    expect(opens(office, 'Europe/Oslo', '2026-07-01T04:00:00Z')).toBe('2026-07-01T06:00:00.000Z')
    // Friday to Monday.
    expect(opens(office, 'PST', '2026-12-04T20:00:00Z')).toBe('2026-12-07T16:00:00.000Z')
    expect(opens('* 0 6 ? * *', 'UTC+05:30', '2026-12-01T12:00:00Z')).toBe('2026-12-02T00:30:00.000Z')
  })

  it('knows the changes of the clock between now and then', () => {
    // Clocks in Oslo go back at 01:00Z on the 25th of October 2026.
    expect(opens('* * 8 ? * SUN *', 'Europe/Oslo', '2026-10-24T12:00:00Z')).toBe('2026-10-25T07:00:00.000Z')
    // 02:30 does not come on the 29th of March.
    expect(opens('* 30 2 29 3 ? 2026', 'Europe/Oslo', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })

  it('takes a last day with an offset, and leaves the year out', () => {
    expect(opens('* 0 12 L-3 * ?', undefined, '2026-12-01T00:00:00Z')).toBe('2026-12-28T12:00:00.000Z')
  })

  it('never opens again behind its last year', () => {
    expect(opens('* * * ? * * 2025', undefined, '2026-12-01T00:00:00Z')).toBeUndefined()
  })

  it('says what is wrong', () => {
    const problem = (cron: string, zone?: string) => (parseWindow(cron, zone) as { problem: string }).problem
    expect(problem('0 8 * * ?')).toMatch(/^Cron has 5 fields; it takes six or seven/)
    expect(problem('0 0 25 ? * *')).toMatch(/no cron expression/)
    for (const zone of ['Europe/Atlantis', 'UTC+25:00', 'UTC+1', 'X', '+02:00'])
      expect(problem('* * * ? * *', zone)).toMatch(/^TimeZone is/)
  })
})
