/** Schedule expressions of rules: `rate(5 minutes)` and `cron(0 10 * * ? *)`. */
import { AwsError, entryOf, type NextTime, parseCron } from '../../../../model/index.ts'

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/**
 * Gives when a schedule is due next. AWS: a rate counts from the rule's creation (`from`, milliseconds since 1970);
 * its unit is singular for one and plural for more.
 * Errors: ValidationException.
 */
export function parseSchedule(expression: string, from: number): NextTime {
  const next = parseRate(expression, from) ?? parseCron(/^cron\((.*)\)$/.exec(expression)?.[1] ?? '')
  if (next) return next
  throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.')
}

function parseRate(expression: string, from: number): NextTime | undefined {
  const [, digits, unit = '', plural] = /^rate\(\s*(\d+)\s+(minute|hour|day)(s?)\s*\)$/.exec(expression) ?? []
  const count = Number(digits)
  if (!digits || count < 1 || (count === 1) !== (plural === '')) return undefined
  const period = count * entryOf(UNITS, unit)!
  return (after) => from + (Math.floor(Math.max(after - from, 0) / period) + 1) * period
}
