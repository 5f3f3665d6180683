/** Typical mistakes in foreign systems: the run fails where AWS fails, and the proof has foreseen it there. */
import { expect, test } from 'vitest'
import { changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import {
  type ForeignSystem,
  failedAction,
  failureIn,
  type Mistake,
  type Run,
  runForeign,
} from './foreign-system.ts'
import { cases } from './mistakes.ts'
import { denied, proofOf, showEdge, unforeseen } from './prove-foreign.ts'

async function running(system: ForeignSystem, mistake: Mistake, look: (run: Run) => void): Promise<void> {
  const run = await runForeign(system, mistake)
  try {
    look(run)
  } finally {
    await run.end()
  }
}

test.each([
  ['change-sets', changeSets, {}],
  ['ecs-policies', ecsPolicies, {}],
] as [string, ForeignSystem, Mistake][])(
  '%s without a mistake is proven and runs',
  (_title, system, mistake) =>
    running(system, mistake, (run) => {
      expect(failureIn(run)).toBe('')
      expect(run.state?.status).toBe('Succeeded')
      expect(denied(proofOf(system, mistake)).map(showEdge)).toEqual([])
    }),
)

const actionsOf = ({ state }: Run): string[] =>
  (state?.stages ?? []).flatMap(({ name, actions }) => actions.map((action) => `${name}/${action.name}`))

const titled = cases.map((one) => [`${one.system.folder}: ${one.title}`, one] as const)

test.each(titled)('%s', (_title, { system, failsAt, message, onlyOrder, ...mistake }) =>
  running(system, mistake, (run) => {
    const at = run.stackFailure ? failureIn(run).split(' ')[0] : failedAction(run)
    expect(`${at}: ${failureIn(run)}`).toMatch(message)
    expect(at).toBe(failsAt)
    if (onlyOrder) return
    const proof = proofOf(system, mistake)
    expect(unforeseen(proof, run)).toEqual([])
    const places = denied(proof).flatMap(({ uses }) => uses.map((use) => `${use.stage}/${use.action}`))
    if (run.stackFailure) expect(places).not.toEqual([])
    else expect(actionsOf(run).find((action) => places.includes(action))).toBe(failsAt)
  }),
)
