/** What supplies a pipeline is proven, and the proof misses every permission of it that is taken away. */
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../src/access/index.ts'
import { ofAssembly } from '../src/cli/proof-input.ts'
import { loadFleet } from '../src/fleet/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { judge, sparedBy } from './mutation/judge.ts'
import { proofWitness } from './mutation/witness.ts'

const assembly = synthesize(await loadFleet(resolve('tests', 'golden', 'supply', 'crossdock.yaml')))
const { further } = ofAssembly(assembly)
const templates: readonly PlacedTemplate[] = assembly.waves.flat().map((stack) => ({
  stack: stack.name,
  target: stack.target,
  template: stack.template,
  parametersFrom: stack.parametersFrom,
}))

test('all is proven, with nothing granted beyond need and nothing to complain of', () => {
  const landscape = readLandscape(templates)
  const proof = prove(landscape, { further, complete: true })
  expect(proof.edges.filter(({ verdict }) => verdict !== 'allowed').map(({ need }) => need)).toEqual([])
  expect(lint({ landscape, proof, complete: true }).map(({ message }) => message)).toEqual([])
  expect(findOvergrants(landscape, proof).map(({ message }) => message)).toEqual([])
})

/** Of what no other fleet has. Users and who comes with tokens are no roles, and have no needs in the proof. */
const OWN = /^(DropCode|EventsRole|EventsFrom|BuildNumbers|Test|PullRequests)/

test('the proof fails at a call of every Allow statement that is dropped', async () => {
  const verdicts = await judge(templates, proofWitness(further), {
    wanted: ({ kind, effect, logicalId, actions }) =>
      kind === 'statement' &&
      effect === 'Allow' &&
      OWN.test(logicalId) &&
      !actions.includes('sts:AssumeRoleWithWebIdentity'),
  })
  expect(verdicts.length).toBeGreaterThan(20)
  const spares = sparedBy(templates, further)
  const held = verdicts.filter(
    ({ mutant, proof }) =>
      !proof.denied.some(({ action }) => mutant.actions.includes(action)) && !spares(mutant),
  )
  expect(held.map(({ mutant }) => mutant.name)).toEqual([])
})
