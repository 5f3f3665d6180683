/** How a property differs from what its template says. */
import { deepEqual } from '../../../../template/index.ts'
import type { PropertyDrift } from '../state.ts'

/**
 * Gives the differences below a property. AWS: `ADD` and `REMOVE` are said of what a list or a map has more or less,
 * `NOT_EQUAL` of a value; lists of texts are equal in any order.
 */
export function propertyDifferences(path: string, expected: unknown, actual: unknown): PropertyDrift[] {
  if (deepEqual(expected, actual)) return []
  if (isMap(expected) && isMap(actual)) return ofEntries(path, expected, actual)
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if ([...expected, ...actual].every((one) => typeof one === 'string'))
      return ofTexts(path, expected, actual)
    return ofEntries(path, { ...expected }, { ...actual })
  }
  return [difference(path, expected, actual)]
}

function ofEntries(
  path: string,
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
): PropertyDrift[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
  return [...keys].flatMap((key) => {
    const at = `${path}/${key}`
    if (!Object.hasOwn(actual, key)) return [difference(at, expected[key], undefined)]
    if (!Object.hasOwn(expected, key)) return [difference(at, undefined, actual[key])]
    return propertyDifferences(at, expected[key], actual[key])
  })
}

function ofTexts(path: string, expected: readonly unknown[], actual: readonly unknown[]): PropertyDrift[] {
  return [
    ...expected.flatMap((one, index) =>
      actual.includes(one) ? [] : [difference(`${path}/${index}`, one, undefined)],
    ),
    ...actual.flatMap((one, index) =>
      expected.includes(one) ? [] : [difference(`${path}/${index}`, undefined, one)],
    ),
  ]
}

const difference = (path: string, expected: unknown, actual: unknown): PropertyDrift => ({
  path,
  expected: textOf(expected),
  actual: textOf(actual),
  type: expected === undefined ? 'ADD' : actual === undefined ? 'REMOVE' : 'NOT_EQUAL',
})

/** AWS: `null` stands where there is no value. */
const textOf = (value: unknown): string =>
  value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value)

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
