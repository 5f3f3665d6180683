/** Without any one statement of a foreign system's templates, the run and the proof say the same. */
import { describe, expect, test } from 'vitest'
import type { Edge } from '../../src/access/index.ts'
import type { Template } from '../../src/model/index.ts'
import { changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import {
  type ForeignSystem,
  failedAction,
  failureIn,
  type Mistake,
  type Run,
  runForeign,
  templateOf,
  withStatement,
} from './foreign-system.ts'
import { denied, proofOf, showEdge } from './prove-foreign.ts'

/** Every statement, as file and Sid. */
function statementsOf(system: ForeignSystem): [file: string, sid: string][] {
  const files = new Map(system.deployments.map((one) => [one.template, templateOf(system, one)]))
  return [...files].flatMap(([file, template]) =>
    [...new Set(sidsIn(template))].map((sid): [string, string] => [file, sid]),
  )
}

function sidsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  const { Sid, Effect } = value as { Sid?: unknown; Effect?: unknown }
  return typeof Sid === 'string' && Effect ? [Sid] : Object.values(value).flatMap(sidsIn)
}

/** A policy must have a statement: one that is to go turns into one that nobody meets. */
const without = (file: string, sid: string): Mistake => ({
  template: (deployment, template: Template) =>
    deployment.template !== file
      ? template
      : withStatement(template, sid, (one) => ({
          ...one,
          Condition: { StringEquals: { 'aws:PrincipalArn': 'nobody' } },
        })),
})

const CODE = 'what the code of a function calls stands in no template'

/** What only one of the two knows. */
const OUTSIDE: Readonly<Record<string, string>> = {
  Administer: 'KMS refuses a key that nobody could administer any more',
  Tags: 'the task definition of the test account has no tags but those of CloudFormation, which no revision takes over',
  WriteSecond: CODE,
  EncryptSecond: CODE,
  Report: 'an action whose function cannot report waits for 20 minutes',
}

const placesOf = (edges: readonly Edge[]): string[] =>
  edges.flatMap(({ uses }) =>
    uses.map(({ stage, action }) => (stage ? `${stage}/${action}` : 'the pipeline')),
  )

/** What the pipeline needs for itself fails with the first action. */
function firstOf(places: readonly string[], { state }: Run): string | undefined {
  const actions = (state?.stages ?? []).flatMap(({ name, actions }) =>
    actions.map((one) => `${name}/${one.name}`),
  )
  return places.includes('the pipeline') ? actions[0] : actions.find((action) => places.includes(action))
}

test('without pipeline.yaml Report the proof alone names the action', () => {
  expect(placesOf(denied(proofOf(changeSets, without('pipeline.yaml', 'Report'))))).toContain('Sync/Second')
})

test.concurrent.each(Object.keys(OUTSIDE).filter((sid) => OUTSIDE[sid] === CODE))(
  'without pipeline.yaml %s the run alone names the action, by what the function reports',
  async (sid) => {
    const mistake = without('pipeline.yaml', sid)
    expect(denied(proofOf(changeSets, mistake)).map(showEdge)).toEqual([])
    const run = await runForeign(changeSets, mistake)
    try {
      expect(failedAction(run)).toBe('Sync/Second')
      expect(failureIn(run)).toMatch(/JobFailed: AccessDenied: .*greeter-sync/)
    } finally {
      await run.end()
    }
  },
)

describe.each([
  ['change-sets', changeSets],
  ['ecs-policies', ecsPolicies],
] as const)('%s', (_name, system) => {
  const statements = statementsOf(system).filter(([, sid]) => !(sid in OUTSIDE))

  test.concurrent.each(statements)('without %s %s', async (file, sid) => {
    const mistake = without(file, sid)
    const run = await runForeign(system, mistake)
    try {
      const edges = denied(proofOf(system, mistake))
      const told = `${failureIn(run)}\n${edges.map(showEdge).join('\n')}`
      if (run.stackFailure) expect(edges, told).not.toEqual([])
      else expect(firstOf(placesOf(edges), run), told).toBe(failedAction(run))
    } finally {
      await run.end()
    }
  })
})
