/** Buildspecs of every kind, and what becomes of each: written after public ones. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseBuildspec } from '../../src/cloud/services/codebuild/engine/buildspec.ts'
import { BuildspecError } from '../../src/cloud/services/codebuild/engine/buildspec-values.ts'

const FOLDER = join(import.meta.dirname, 'buildspecs')

const caseSchema = z.strictObject({
  name: z.string(),
  buildspec: z.string(),
  /** A part of what it becomes; what is null here is absent there. */
  becomes: z.record(z.string(), z.unknown()).optional(),
  /** Keys that the log warns of. */
  unknown: z.array(z.string()).optional(),
  /** A part of what is said where it is refused. */
  refused: z.string().optional(),
})

const cases = readdirSync(FOLDER).flatMap((file) =>
  z.array(caseSchema).parse(parse(readFileSync(join(FOLDER, file), 'utf8'))),
)

/** Null stands for nothing in YAML. */
const expected = (value: unknown): unknown => {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expected(inner)]))
}

test('there are many of them', () => expect(cases.length).toBeGreaterThanOrEqual(50))

test.each(cases.map((one) => [one.name, one] as const))('%s', (_, { buildspec, becomes, unknown, refused }) => {
  if (refused !== undefined) {
    expect(() => parseBuildspec(buildspec)).toThrow(BuildspecError)
    expect(() => parseBuildspec(buildspec)).toThrow(refused)
    return
  }
  const read = parseBuildspec(buildspec)
  expect(read).toMatchObject(expected(becomes ?? {}) as object)
  const keys = read.warnings.filter((line) => line.startsWith('\t\t')).map((line) => line.trim())
  expect(keys).toEqual(unknown ?? [])
})
