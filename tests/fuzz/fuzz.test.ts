/**
 * Whatever comes in, each parser gives an answer or a modelled error. `FUZZ_SEED` and `FUZZ_CASES` widen the search,
 * and repeat a case.
 */
import { afterAll, expect, test } from 'vitest'
import { cloudSubjects } from './cloud-subjects.ts'
import { fileSubjects } from './file-subjects.ts'
import { fuzz } from './fuzz.ts'

const seed = Number(process.env.FUZZ_SEED ?? 1)
const cases = Number(process.env.FUZZ_CASES ?? 25)
const cloud = await cloudSubjects()
afterAll(() => cloud.stop())

const subjects = [...(await fileSubjects()), ...cloud.subjects]

test.each(subjects.map((subject) => [subject.name, subject] as const))('%s', async (_name, subject) => {
  const crashes = await fuzz(subject, { seed, cases })
  expect(
    crashes.map(
      ({ seed: at, error, input }) => `FUZZ_SEED=${at} FUZZ_CASES=1: ${(error as Error).stack}\n${input}`,
    ),
  ).toEqual([])
})
