/** What a decision hangs on, in words. */
import { Choice, type Undecided, Unknown, unknownsIn, type Value } from '../../../template/index.ts'

/** `hangs on "Locked" of orders (the parameter Mode has no value)` */
export const hangsOn = ({ name, of, hangsOn: unknowns }: Undecided): string => {
  const place = of === undefined ? '' : ` of ${of}`
  const [first] = unknowns
  return `hangs on "${name}"${place}${first ? ` (${reasonOf(first)})` : ''}`
}

/** What keeps a value from being known. */
export function reasonOf({ why, label }: Unknown): string {
  switch (why.kind) {
    case 'parameter':
      return `the parameter ${why.name} has no value`
    case 'stored':
      return `the parameter ${why.name} takes its value from SSM`
    case 'dynamic':
      return `{{resolve:${why.name}}} is read when the stack is deployed`
    case 'export':
      return `nothing exports ${why.name}`
    case 'function':
      return why.of[0] ? reasonOf(why.of[0]) : `${label} is not known`
    default:
      return `${label} is not known before the deployment`
  }
}

/** What is open within a value, in words, conditions first. */
export function openIn(value: Value | undefined): string[] {
  const conditions = conditionsIn(value)
  const decided = new Set(conditions.flatMap((one) => one.hangsOn.map(({ identity }) => identity)))
  return [
    ...new Set([
      ...conditions.map(hangsOn),
      ...unknownsIn(value)
        .filter(({ identity }) => !decided.has(identity))
        .map(({ label }) => `the value of ${label}`),
    ]),
  ]
}

function conditionsIn(value: unknown): Undecided[] {
  if (typeof value !== 'object' || value === null || value instanceof Unknown) return []
  if (value instanceof Choice)
    return [value.condition, ...conditionsIn(value.ifTrue), ...conditionsIn(value.ifFalse)]
  return Object.values(value).flatMap(conditionsIn)
}
