/** Schedule expressions: when `rate(…)` and `cron(…)` fire next, in UTC. */

export interface Schedule {
  /** The next time after `now`; undefined when there is none any more. Milliseconds since 1970. */
  next(now: number, since: number): number | undefined
}

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const DAY = 86_400_000
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** Reads an expression; gives undefined for one that is not valid. */
export function parseSchedule(expression: string): Schedule | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression)
  if (rate) return parseRate(Number(rate[1]), rate[2]!, rate[3] === 's')
  const cron = /^cron\((.+)\)$/.exec(expression)
  return cron ? parseCron(cron[1]!.trim().split(/\s+/)) : undefined
}

/** AWS: the unit is singular for 1 and plural otherwise. */
function parseRate(value: number, unit: string, plural: boolean): Schedule | undefined {
  if (value < 1 || plural !== value > 1) return undefined
  const period = value * UNITS[unit]!
  return { next: (now, since) => since + (Math.floor((now - since) / period) + 1) * period }
}

type DayTest = (date: Date) => boolean

/** Fields: minutes, hours, day of month, month, day of week (SUN is 1), year. One of the days must be `?`. */
function parseCron(fields: string[]): Schedule | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields
  if (fields.length !== 6 || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined
  const minutes = parseField(minute!, 0, 59)
  const hours = parseField(hour!, 0, 23)
  const months = parseField(month!, 1, 12, MONTHS)
  const years = parseField(year!, 1970, 2199)
  const day = dayOfMonth === '?' ? parseDayOfWeek(dayOfWeek!) : parseDayOfMonth(dayOfMonth!)
  if (!minutes || !hours || !months || !years || !day) return undefined
  return {
    next: (now) => {
      const lastYear = Math.max(...years)
      let time = now - (now % 60_000) + 60_000
      for (;;) {
        const date = new Date(time)
        if (date.getUTCFullYear() > lastYear) return undefined
        if (!years.has(date.getUTCFullYear()) || !months.has(date.getUTCMonth() + 1)) time = nextMonth(date)
        else if (!day(date)) time = time - (time % DAY) + DAY
        else if (!hours.has(date.getUTCHours())) time = time - (time % 3_600_000) + 3_600_000
        else if (!minutes.has(date.getUTCMinutes())) time += 60_000
        else return time
      }
    },
  }
}

const nextMonth = (date: Date): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)

/** `*`, lists, ranges and steps; names stand for numbers counted from `low`. */
function parseField(field: string, low: number, high: number, names: string[] = []): Set<number> | undefined {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toUpperCase())
    return named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : Number.NaN
  }
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', stepText] = part.split('/')
    const step = stepText === undefined ? 1 : Number(stepText)
    const [fromText = '', toText] = range.split('-')
    const from = range === '*' ? low : numberOf(fromText)
    const open = range === '*' || stepText !== undefined
    const to = toText !== undefined ? numberOf(toText) : open ? high : from
    if (!(step >= 1) || !(from >= low) || !(to <= high) || from > to) return undefined
    for (let value = from; value <= to; value += step) values.add(value)
  }
  return values
}

const lastDay = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()

/** AWS: `L` is the last day of the month, `15W` the weekday nearest to the fifteenth, `LW` the last weekday. */
function parseDayOfMonth(field: string): DayTest | undefined {
  if (field === 'L') return (date) => date.getUTCDate() === lastDay(date)
  if (field === 'LW') return (date) => date.getUTCDate() === nearestWeekday(date, lastDay(date))
  const near = /^(\d{1,2})W$/.exec(field)
  if (near) return (date) => date.getUTCDate() === nearestWeekday(date, Number(near[1]))
  const days = parseField(field, 1, 31)
  return days && ((date) => days.has(date.getUTCDate()))
}

function nearestWeekday(date: Date, day: number): number {
  const last = lastDay(date)
  const wanted = Math.min(day, last)
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), wanted)).getUTCDay()
  if (weekday === 6) return wanted > 1 ? wanted - 1 : wanted + 2
  if (weekday === 0) return wanted < last ? wanted + 1 : wanted - 2
  return wanted
}

/** AWS: `3#2` is the second Tuesday, `6L` the last Friday of the month, `L` Saturday. */
function parseDayOfWeek(field: string): DayTest | undefined {
  const nth = /^(\w+)#([1-5])$/.exec(field)
  const last = /^(\w+)L$/.exec(field)
  const single = (text: string): number | undefined => [...(parseField(text, 1, 7, DAYS) ?? [])][0]
  if (nth) {
    const weekday = single(nth[1]!)
    return weekday === undefined
      ? undefined
      : (date) => date.getUTCDay() + 1 === weekday && Math.ceil(date.getUTCDate() / 7) === Number(nth[2])
  }
  if (last) {
    const weekday = single(last[1]!)
    return weekday === undefined
      ? undefined
      : (date) => date.getUTCDay() + 1 === weekday && date.getUTCDate() + 7 > lastDay(date)
  }
  const days = field === 'L' ? new Set([7]) : parseField(field, 1, 7, DAYS)
  return days && ((date) => days.has(date.getUTCDay() + 1))
}
