/** Values: texts by name in which environments differ, put where `${values.NAME}` stands. The nearest wins. */
import * as z from 'zod/mini'
import { FleetError } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { PLACE_NAMES, VALUE_REFERENCE, valueWith } from './text.ts'

export type Values = Readonly<Record<string, string>>

const name = z
  .string()
  .check(z.regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be letters, digits and _, and start with a letter'))

/** Schema of a map of values; in a value stands what stands in a stage, but no other value. */
export const valuesSchema = z.record(name, valueWith(PLACE_NAMES))

/** Gives the schema of the key `values`. The nearest wins: stage, region, environment, pipeline, fleet. */
export const valuesOf = (whose: string) =>
  z
    .optional(valuesSchema)
    .check(z.describe(`texts of ${whose} by name, for ${'${values.NAME}'}; the nearest wins`))

/** Gives the values of a stage in each of its regions: of the given maps, and of a region, those named later win. */
export function valuesByRegion(
  regions: readonly string[],
  valuesIn: (region: string) => readonly (Values | undefined)[],
): Readonly<Record<string, Values>> {
  return Object.fromEntries(regions.map((region) => [region, Object.assign({}, ...valuesIn(region))]))
}

/** Gives an error for each `${values.NAME}` in a part of the file that stands for nothing in some region of a stage. */
export function missingValues(
  part: unknown,
  path: DataPath,
  {
    environment,
    values,
  }: { readonly environment: string; readonly values: Readonly<Record<string, Values>> },
  document: FleetDocument,
): FleetError[] {
  if (typeof part === 'object' && part !== null)
    return Object.entries(part).flatMap(([key, inner]) =>
      missingValues(
        inner,
        [...path, Array.isArray(part) ? Number(key) : key],
        { environment, values },
        document,
      ),
    )
  if (typeof part !== 'string') return []
  return [...part.matchAll(VALUE_REFERENCE)].flatMap(([whole, named = '']) => {
    const regions = Object.keys(values)
    const without = regions.filter((region) => !Object.hasOwn(values[region]!, named))
    if (!without.length) return []
    const where = without.length === regions.length ? environment : `${environment} ${without.join(', ')}`
    return new FleetError(`${whole} has no value in ${where}`, {
      location: document.locate(path),
      fix: `add it to environments.${environment}.values`,
    })
  })
}
