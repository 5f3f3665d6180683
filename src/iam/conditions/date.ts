/** DateEquals and its order relations. */
import { type ConditionOperator, matchesNothing, withNegation } from './operator.ts'

const ISO = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/
const EPOCH = /^\d{5,}(\.\d+)?$/

/** Gives milliseconds since 1970; NaN for what is no date. AWS: ISO 8601 as W3C profiles it, or epoch seconds. */
export function parseDate(text: string): number {
  const trimmed = text.trim()
  if (EPOCH.test(trimmed)) return Number(trimmed) * 1000
  if (!ISO.test(trimmed)) return Number.NaN
  const hasTimeWithoutZone = trimmed.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(trimmed)
  const withColon = trimmed.replace(/([+-]\d{2})(\d{2})$/, (whole, hours, minutes) =>
    trimmed.includes('T') ? `${hours}:${minutes}` : whole,
  )
  return Date.parse(hasTimeWithoutZone ? `${withColon}Z` : withColon)
}

function comparing(holds: (actual: number, wanted: number) => boolean): ConditionOperator['compile'] {
  return (wanted) => {
    const date = parseDate(wanted)
    return Number.isNaN(date) ? matchesNothing : (actual) => holds(parseDate(actual), date)
  }
}

export const dateOperators: ConditionOperator[] = [
  ...withNegation(
    'DateEquals',
    'DateNotEquals',
    comparing((actual, wanted) => actual === wanted),
  ),
  { name: 'DateLessThan', compile: comparing((actual, wanted) => actual < wanted) },
  { name: 'DateLessThanEquals', compile: comparing((actual, wanted) => actual <= wanted) },
  { name: 'DateGreaterThan', compile: comparing((actual, wanted) => actual > wanted) },
  { name: 'DateGreaterThanEquals', compile: comparing((actual, wanted) => actual >= wanted) },
]
