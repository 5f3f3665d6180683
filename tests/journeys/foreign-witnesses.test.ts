/** The three witnesses for systems that somebody else wrote: needs, the proof over their templates, the cloud's trail. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEPLOYMENT, type Edge, isFailed } from '../../src/access/index.ts'
import type { TrailEntry } from '../../src/cloud/index.ts'
import { changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import { failureIn, type Run, reviseForeign, runForeign } from './foreign-system.ts'
import { provenSystem } from './prove-foreign.ts'
import { callsOf, type Excuse, isProven, LATER, show } from './witness.ts'

const [, DELETE] = LATER as [Excuse, Excuse, Excuse]

const UNVERSIONED: Excuse = {
  why: 'a job tells its function no versions of artifacts',
  covers: ({ principal, action }) =>
    principal.endsWith(':role/greeter-source') && action === 's3:GetObjectVersion',
}

/** What the code of a function calls stands in no template, save that it reports the outcome of its job. */
const ofCode = ({ principal, action }: TrailEntry): boolean =>
  principal.endsWith(':role/greeter-sync') && !action.startsWith('codepipeline:')

describe.each([
  { system: changeSets, excuses: [DELETE, UNVERSIONED] },
  { system: ecsPolicies, excuses: [] },
])('$system.folder', ({ system, excuses }) => {
  let run: Run
  let calls: TrailEntry[]
  let edges: readonly Edge[]

  beforeAll(async () => {
    run = await runForeign(system)
    expect(failureIn(run)).toBe('')
    expect(failureIn({ ...run, state: await reviseForeign(system, run) })).toBe('')
    const { proof, landscape } = provenSystem(system)
    // Deploying the stacks themselves is lived through in tests/mutation.
    edges = proof.edges.filter(({ uses }) => uses.some(({ pipeline }) => pipeline !== DEPLOYMENT))
    calls = callsOf(new Set(landscape.roles.keys()), run.cloud.trail.entries()).filter(
      (call) => !ofCode(call),
    )
  }, 120_000)
  afterAll(() => run?.end())

  test('makes no call that no need tells of', () => {
    const untold = calls.filter((call) => !edges.some(({ need }) => isProven(need, call)))
    expect(untold.map(show)).toEqual([])
  })

  test('needs nothing that it does not call, but for what is excused', () => {
    const must = edges.map(({ need }) => need).filter((need) => !need.optional)
    const idle = must.filter((need) => !calls.some((call) => isProven(need, call)))
    expect(idle.filter((need) => !excuses.some((excuse) => excuse.covers(need))).map(show)).toEqual([])
    for (const excuse of excuses) expect(idle.some(excuse.covers), excuse.why).toBe(true)
  })

  test('is proven, and every call that was made was allowed', () => {
    expect(edges.filter(({ verdict }) => verdict !== 'allowed').map(({ need }) => show(need))).toEqual([])
    expect(edges.filter(isFailed)).toEqual([])
    const refused = calls.filter(({ decision }) => decision.effect !== 'allowed')
    expect(refused.map(show)).toEqual([])
  })
})
