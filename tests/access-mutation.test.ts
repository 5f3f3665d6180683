/** What is taken out of a policy of an example makes its proof fail, and the proof names the call. */
import { describe, expect, test } from 'vitest'
import { findOvergrants, lint, prove, readLandscape } from '../src/access/index.ts'
import { judge, judgeWidened, proofFigures, sparedBy } from './mutation/judge.ts'
import { type Mutant, mutantsOf } from './mutation/mutants.ts'
import { subjects } from './mutation/subjects.ts'
import { proofWitness } from './mutation/witness.ts'

const all = await subjects(['hello', 'web', 'change-sets', 'ecs-policies', 'examples/ecs'])
/** One mutant of so many; `npm run mutate` judges them all. */
const EVERY = 3
/** Those that synthesis made; what others wrote may grant more than is needed. */
const own = all.filter(({ name }) => ['hello', 'web', 'examples/ecs'].includes(name))

/** What the proof neither needs nor reports, by statement: what functions call by themselves. docs/proof.md says so. */
const OWN_WORK = [
  'SyncRole.PolicyDocument Log',
  'SyncRole.PolicyDocument WriteSecond',
  'SyncRole.PolicyDocument EncryptSecond',
]
const isOwnWork = (mutant: string): boolean => OWN_WORK.some((statement) => mutant.includes(` ${statement}:`))

describe.each(own.map((subject) => [subject.name, subject] as const))('the example %s', (_name, subject) => {
  const { templates, further } = subject

  test('is proven, with nothing granted beyond need and nothing to complain of', () => {
    const landscape = readLandscape(templates)
    const proof = prove(landscape, { further, complete: true })
    expect(proof.edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
    expect(proof.edges.length).toBeGreaterThan(30)
    expect(lint({ landscape, proof, complete: true })).toEqual([])
    expect(findOvergrants(landscape, proof)).toEqual([])
  })

  test('fails at a call of every Allow statement that is dropped', async () => {
    const verdicts = await judge(templates, proofWitness(further), {
      wanted: ({ kind, effect }) => kind === 'statement' && effect === 'Allow',
    })
    expect(verdicts.length).toBeGreaterThan(20)
    const spares = sparedBy(templates, further)
    const wrong = verdicts.filter(({ mutant, proof }) => {
      const actions = new Set(proof.denied.map(({ action }) => action))
      return !mutant.actions.some((action) => actions.has(action)) && !spares(mutant)
    })
    expect(wrong.map(({ mutant }) => mutant.name)).toEqual([])
  })

  test('still holds when a condition of an Allow is dropped', async () => {
    const verdicts = await judge(templates, proofWitness(further), {
      wanted: ({ kind, effect }) => kind === 'condition' && effect === 'Allow',
    })
    expect(verdicts.length).toBeGreaterThan(10)
    expect(verdicts.filter(({ proof }) => proof.failed).map(({ mutant }) => mutant.name)).toEqual([])
  })

  test('fails when a Deny loses the condition that limits it', async () => {
    const verdicts = await judge(templates, proofWitness(further), {
      wanted: ({ kind, effect }) => kind === 'condition' && effect === 'Deny',
    })
    expect(verdicts.length).toBeGreaterThan(1)
    expect(verdicts.filter(({ proof }) => !proof.failed).map(({ mutant }) => mutant.name)).toEqual([])
  })
})

describe.each(all.map((subject) => [subject.name, subject] as const))('of %s', (_name, subject) => {
  const { templates, further } = subject

  test('the proof misses nothing that is taken away, or had told that nobody needs it', async () => {
    const verdicts = await judge(templates, proofWitness(further), {
      wanted: (_mutant, index) => index % EVERY === 0,
    })
    const figures = proofFigures(verdicts, templates, further)
    expect(figures.caught).toBeGreaterThan(20)
    expect(figures.missed.map(({ name }) => name).filter((name) => !isOwnWork(name))).toEqual([])
  })

  test('what is widened is reported', () => {
    const { mutants, missed } = judgeWidened(templates, further)
    expect(mutants).toBeGreaterThan(15)
    expect(missed.map(({ name }) => name).filter((name) => !isOwnWork(name))).toEqual([])
  })
})

test('the proof misses none of a handful of mutants of examples/change-sets, tokens that put a source among them', async () => {
  const [{ templates, further }] = (await subjects(['examples/change-sets'])) as [(typeof all)[number]]
  const isOfTokens = ({ logicalId, name }: Mutant) =>
    logicalId === 'DropInfraRole' && name.includes('AssumeRolePolicyDocument')
  const verdicts = await judge(templates, proofWitness(further), {
    wanted: (mutant, index) => index % 80 === 0 || isOfTokens(mutant),
  })
  const { caught, missed } = proofFigures(verdicts, templates, further)
  expect(caught).toBeGreaterThan(1)
  expect(missed.map(({ name }) => name)).toEqual([])
})

test('mutants differ from what they were made of, and leave it alone', () => {
  const { templates } = all[0]!
  const before = JSON.stringify(templates)
  for (const mutant of mutantsOf(templates)) expect(JSON.stringify(mutant.templates)).not.toBe(before)
  expect(JSON.stringify(templates)).toBe(before)
})
