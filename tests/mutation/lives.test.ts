/** Some mutants of every example, lived through on the embedded cloud: the run fails where the proof does, at the same call. */
import { describe, expect, test } from 'vitest'
import { agrees, judge, nameOf, runFigures, type Verdict } from './judge.ts'
import { mutantsOf } from './mutants.ts'
import { isLiving, subjects } from './subjects.ts'
import { cloudWitness, proofWitness } from './witness.ts'

/** Mutants of each example; `npm run mutate` judges them all. */
const SOME = 4

const told = ({ mutant, proof, run }: Verdict): string =>
  `${mutant.name}: the proof denies ${proof.denied.map(nameOf).join(', ')}; the run: ${run?.failure} ${run?.denied.map(nameOf).join(', ')}`

const living = (
  await subjects([
    ...['hello', 'web', 'change-sets', 'ecs-policies'],
    ...['examples/change-sets', 'examples/ecs', 'examples/lambda'],
  ])
).filter(isLiving)

describe.each(living.map((subject) => [subject.name, subject] as const))(
  '%s',
  (_name, { templates, further, inhabitant }) => {
    test('lives as it stands, and fails where the proof says with a part of a policy gone', {
      timeout: 120_000,
    }, async () => {
      const resident = await inhabitant()
      try {
        const run = cloudWitness(resident)
        const { called = [], failure, denied } = await run(templates)
        expect(failure).toBeUndefined()
        expect(denied).toEqual([])
        const stride = Math.floor([...mutantsOf(templates)].length / SOME)
        const verdicts = await judge(templates, proofWitness(further), {
          run,
          wanted: (_mutant, index) => index % stride === stride >> 1,
          lanes: 2,
        })
        expect(verdicts.length).toBeGreaterThanOrEqual(SOME)
        const { disagreed } = runFigures(verdicts, called)
        expect(disagreed.map(told)).toEqual([])
        expect(verdicts.some((verdict) => verdict.run?.failed && agrees(verdict))).toBe(true)
      } finally {
        await resident.remove?.()
      }
    })
  },
)
