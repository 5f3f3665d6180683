/** What is told of a wrong fleet file: the sentence, its place, and what to write instead. UPDATE_CASES=1 writes what is told. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { EMPTY_LOCK, FleetErrors, type FleetLock, parseFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'

const FOLDER = join(import.meta.dirname, 'fleet-errors')
const FILES = join(FOLDER, 'files')
const BASE = readFileSync(join(FILES, 'crossdock.yaml'), 'utf8')

const caseSchema = z.strictObject({
  /** A text of the fleet file that is right, and what stands there instead. */
  find: z.string(),
  put: z.string(),
  /** The lock beside the fleet file; none without it. */
  lock: z.custom<Partial<FleetLock>>().optional(),
  /** Everything that is told, in the order of the lines. */
  errors: z.array(z.string()).default([]),
})

test('the fleet file that they change is right', () => {
  expect(told(BASE)).toEqual([])
})

const cases = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'))

test.each(cases)('%s', (file) => {
  const path = join(FOLDER, file)
  const given = caseSchema.parse(parse(readFileSync(path, 'utf8')))
  const text = BASE.replace(given.find, () => given.put)
  expect(text).not.toBe(BASE)
  const errors = told(text, given.lock)
  if (process.env.UPDATE_CASES === '1') writeFileSync(path, stringify({ ...given, errors }, { lineWidth: 0 }))
  else expect(errors).toEqual(given.errors)
  expect(errors).not.toEqual([])
  for (const error of errors) expect(error).toMatch(/^(crossdock\.yaml|template\.yaml|protected\.json):\d+:\d+: .+\n {2}fix: .+$/)
})

function told(text: string, lock?: Partial<FleetLock>): string[] {
  try {
    synthesize(parseFleet(text, join(FILES, 'crossdock.yaml'), { ...EMPTY_LOCK, ...lock }))
    return []
  } catch (error) {
    if (!(error instanceof FleetErrors)) throw error
    return error.errors.map((one) => String(one).replaceAll(`${FILES}/`, ''))
  }
}
