/** Whether an event fits a pattern. */
import type { EventPattern, FieldTest } from './compile-pattern.ts'
import type { Leaf } from './value-test.ts'

interface Occurrence {
  readonly value: Leaf
  /** For each array around the value, by a number of its own, the place in it. */
  readonly places: ReadonlyMap<number, number>
}

/** An event taken apart: the values of each field by its dotted path. */
export type Fields = ReadonlyMap<string, readonly Occurrence[]>

/** Takes an event apart. Empty arrays and objects are fields that do not exist. */
export function fieldsOf(event: object): Fields {
  const fields = new Map<string, Occurrence[]>()
  let arrays = 0
  const visit = (value: unknown, path: string, places: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const id = arrays++
      for (const [place, item] of value.entries()) visit(item, path, new Map(places).set(id, place))
    } else if (value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(value))
        visit(member, path ? `${path}.${name}` : name, places)
    } else if (value !== undefined) {
      const known = fields.get(path)
      const occurrence = { value: value as Leaf, places }
      if (known) known.push(occurrence)
      else fields.set(path, [occurrence])
    }
  }
  visit(event, '', new Map())
  return fields
}

/**
 * Whether one alternative of the pattern fits.
 * AWS: fields inside an array of objects must fit within the same element.
 */
export const matchesEvent = ({ alternatives }: EventPattern, fields: Fields): boolean =>
  alternatives.some((tests) => allFit(tests, 0, fields, new Map()))

/** Whether an event may fit of which some fields are not known, whatever they turn out to be. */
export const mayMatchEvent = (
  { alternatives }: EventPattern,
  fields: Fields,
  isUnknown: (path: string) => boolean,
): boolean =>
  alternatives.some((tests) =>
    allFit(
      tests.filter(({ path }) => !isUnknown(path)),
      0,
      fields,
      new Map(),
    ),
  )

/** Gives the fields that keep an event from fitting, of the alternative that they keep least. */
export function misfits(
  { alternatives }: EventPattern,
  fields: Fields,
  isUnknown: (path: string) => boolean,
): string[] {
  const each = alternatives.map((tests) =>
    tests.filter((test) => !isUnknown(test.path) && !allFit([test], 0, fields, new Map())),
  )
  const [nearest = []] = each.sort((one, other) => one.length - other.length)
  return nearest.map(({ path }) => path)
}

function allFit(
  tests: readonly FieldTest[],
  at: number,
  fields: Fields,
  chosen: ReadonlyMap<number, number>,
): boolean {
  const test = tests[at]
  if (!test) return true
  const occurrences = fields.get(test.path)
  if (!occurrences) return test.mayBeAbsent && allFit(tests, at + 1, fields, chosen)
  return occurrences.some(({ value, places }) => {
    if (!test.tests.some((accepts) => accepts(value))) return false
    for (const [array, place] of places) if ((chosen.get(array) ?? place) !== place) return false
    return allFit(tests, at + 1, fields, places.size ? new Map([...chosen, ...places]) : chosen)
  })
}
