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

/** Gives the values of a place: those of maps named later win. */
export const nearestValues = (maps: readonly (Values | undefined)[]): Values => Object.assign({}, ...maps)

/** What of a place says which values it has. */
export interface ValuedPlace {
  readonly environment: string
  readonly region: string
  readonly values: Values
}

/** Gives an error for each `${values.NAME}` in a part of the file that stands for nothing in some place of a stage. */
export function missingValues(
  part: unknown,
  path: DataPath,
  places: readonly ValuedPlace[],
  document: FleetDocument,
): FleetError[] {
  if (typeof part === 'object' && part !== null)
    return Object.entries(part).flatMap(([key, inner]) =>
      missingValues(inner, [...path, Array.isArray(part) ? Number(key) : key], places, document),
    )
  if (typeof part !== 'string') return []
  return [...part.matchAll(VALUE_REFERENCE)].flatMap(([whole, named = '']) => {
    const without = places.filter(({ values }) => !Object.hasOwn(values, named))
    return [...new Set(without.map(({ environment }) => environment))].map((environment) => {
      const isThere = (one: ValuedPlace) => one.environment === environment
      const [lacking, all] = [without.filter(isThere), places.filter(isThere)]
      const regions = [...new Set(lacking.map(({ region }) => region))].join(', ')
      const where = lacking.length === all.length ? environment : `${environment} ${regions}`
      return new FleetError(`${whole} has no value in ${where}`, {
        location: document.locate(path),
        fix: `add it to environments.${environment}.values`,
      })
    })
  })
}
