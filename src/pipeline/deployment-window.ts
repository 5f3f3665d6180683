/** Windows of time in which deployments are allowed: a cron expression on the clock of a time zone. */
import { parseCron } from '../model/index.ts'
import { clockOf } from './time-zone.ts'

export interface DeploymentWindow {
  /** Gives when the window is open next, now where it is; undefined where it never opens again. */
  opens(now: number): number | undefined
}

const MINUTE = 60_000
const SECONDS = /^(?:\*|[0-5]?\d)(?:[-/,](?:\*|[0-5]?\d))*$/

/**
 * Reads a window; gives what is wrong where it cannot be read. AWS: six fields, and a year that may be left out; of the
 * seconds "N/A" is allowed and `*` (rule-reference-DeploymentWindow), so that a window is open for whole minutes: those
 * that the expression meets. Either the day of the month or of the week is `?`, as wherever AWS takes such expressions.
 */
export function parseWindow(cron: string, zone?: string): DeploymentWindow | { readonly problem: string } {
  const [seconds = '', ...fields] = cron.trim().split(/\s+/)
  if (fields.length < 5 || fields.length > 6)
    return {
      problem: `Cron has ${fields.length + 1} fields; it takes six or seven: seconds, minutes, hours, day of the month, month, day of the week, and perhaps the year`,
    }
  const next = SECONDS.test(seconds) ? parseCron([...fields, '*'].slice(0, 6).join(' ')) : undefined
  if (!next)
    return {
      problem: `Cron is '${cron}', which is no cron expression; either the day of the month or the day of the week is a ?`,
    }
  const clock = clockOf(zone)
  if (!clock)
    return {
      problem: `TimeZone is '${zone}'; it takes a region and city (Europe/Oslo), UTC with an offset (UTC+05:30), or an abbreviation (PST)`,
    }
  return {
    opens: (now) => {
      const minute = Math.floor(clock.at(now) / MINUTE) * MINUTE
      const open = next(minute - 1)
      return open === undefined ? undefined : open === minute ? now : clock.when(open, now)
    },
  }
}
