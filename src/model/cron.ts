/** AWS's cron expressions: `minutes hours day-of-month month day-of-week year`, on the clock that UTC has. */

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const LAST_YEAR = 2199
const DAY = 86_400_000

interface Range {
  readonly from: number
  readonly to: number
  readonly names?: readonly string[]
}

const MINUTES: Range = { from: 0, to: 59 }
const HOURS: Range = { from: 0, to: 23 }
const DAYS: Range = { from: 1, to: 31 }
const MONTH: Range = { from: 1, to: 12, names: MONTHS }
const WEEK: Range = { from: 1, to: 7, names: WEEKDAYS }
const YEARS: Range = { from: 1970, to: LAST_YEAR }

/** A month of which the days are asked. */
interface Month {
  readonly year: number
  /** From 0. */
  readonly month: number
  /** Days it has. */
  readonly length: number
  /** Weekday of its first day, Sunday is 0. */
  readonly firstWeekday: number
}

type DaysOf = (month: Month) => number[]

/** Gives the first time after a given one, milliseconds since 1970; undefined when there is none any more. */
export type NextTime = (after: number) => number | undefined

/** Reads a cron expression; undefined where it is none. AWS: either the day of the month or of the week must be `?`. */
export function parseCron(expression: string): NextTime | undefined {
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== 6) return undefined
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields
  const minutes = values(minute, MINUTES)
  const hours = values(hour, HOURS)
  const months = values(month, MONTH)
  const years = values(year, YEARS)
  const days = daysOf(day, weekday)
  if (!minutes || !hours || !months || !years || !days) return undefined
  return (after) => {
    for (const one of monthsFrom(after, years, months))
      for (const date of days(one)) {
        const midnight = Date.UTC(one.year, one.month, date)
        if (midnight + DAY <= after) continue
        for (const h of hours)
          for (const m of minutes) {
            const time = midnight + (h * 60 + m) * 60_000
            if (time > after) return time
          }
      }
    return undefined
  }
}

function* monthsFrom(after: number, years: readonly number[], months: readonly number[]): Generator<Month> {
  const start = new Date(after)
  const earliest = start.getUTCFullYear() * 12 + start.getUTCMonth()
  for (const year of years)
    for (const number of months) {
      const month = number - 1
      if (year * 12 + month < earliest) continue
      const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
      yield { year, month, length, firstWeekday: new Date(Date.UTC(year, month, 1)).getUTCDay() }
    }
}

function daysOf(day: string, weekday: string): DaysOf | undefined {
  if ((day === '?') === (weekday === '?')) return undefined
  return weekday === '?' ? monthDays(day) : weekDays(weekday)
}

function monthDays(field: string): DaysOf | undefined {
  if (field === 'L') return ({ length }) => [length]
  if (field === 'LW') return (month) => [nearestWeekday(month.length, month)]
  const before = /^L-(\d{1,2})$/.exec(field)
  if (before) return ({ length }) => (Number(before[1]) < length ? [length - Number(before[1])] : [])
  const weekday = /^(\d{1,2})W$/.exec(field)
  if (weekday) {
    const wanted = Number(weekday[1])
    if (wanted < 1 || wanted > 31) return undefined
    return (month) => (wanted > month.length ? [] : [nearestWeekday(wanted, month)])
  }
  const list = values(field, DAYS)
  return list && (({ length }) => list.filter((one) => one <= length))
}

const weekdayOf = (day: number, { firstWeekday }: Month): number => (firstWeekday + day - 1) % 7

/** AWS: the weekday closest to a day, without leaving the month. */
function nearestWeekday(day: number, month: Month): number {
  const weekday = weekdayOf(day, month)
  if (weekday === 6) return day === 1 ? 3 : day - 1
  if (weekday === 0) return day === month.length ? day - 2 : day + 1
  return day
}

function weekDays(field: string): DaysOf | undefined {
  const every = ({ length }: Month) => Array.from({ length }, (_, index) => index + 1)
  const special = /^(\w{1,3})(?:#([1-5])|L)$/.exec(field)
  if (special) {
    const [wanted] = values(special[1]!, WEEK) ?? []
    if (wanted === undefined) return undefined
    const nth = special[2] === undefined ? -1 : Number(special[2]) - 1
    return (month) => {
      const days = every(month).filter((one) => weekdayOf(one, month) === wanted - 1)
      const found = days.at(nth)
      return found === undefined ? [] : [found]
    }
  }
  // AWS: alone, L is the last day of the week.
  const list = field === 'L' ? [7] : values(field, WEEK)
  return list && ((month) => every(month).filter((one) => list.includes(weekdayOf(one, month) + 1)))
}

/** The values of a field in order; undefined where it cannot be read. */
function values(field: string, range: Range): number[] | undefined {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const list = valuesOfPart(part, range)
    if (!list) return undefined
    for (const value of list) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}

function valuesOfPart(part: string, range: Range): number[] | undefined {
  const [, span = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
  const by = step === undefined ? 1 : Number(step)
  if (!span || by < 1) return undefined
  if (span === '*') return steps(range.from, range.to, by)
  const [first = '', last, ...more] = span.split('-')
  const from = numberIn(first, range)
  const to = last === undefined ? (step === undefined ? from : range.to) : numberIn(last, range)
  if (from === undefined || to === undefined || more.length) return undefined
  if (from <= to) return steps(from, to, by)
  // AWS: a span such as 20-2 goes over the end.
  const size = range.to - range.from + 1
  return steps(from, to + size, by).map((value) => (value > range.to ? value - size : value))
}

const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by)

function numberIn(text: string, { from, to, names }: Range): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1
  const value = named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : undefined
  return value !== undefined && value >= from && value <= to ? value : undefined
}
