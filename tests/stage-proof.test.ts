/** What stands around the deploys of a stage is proven, and the proof misses every permission of it that is taken away. */
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../src/access/index.ts'
import { ofAssembly } from '../src/cli/proof-input.ts'
import { loadFleet } from '../src/fleet/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { judge, sparedBy } from './mutation/judge.ts'
import { proofWitness } from './mutation/witness.ts'

const assembly = synthesize(await loadFleet(resolve('tests', 'golden', 'gates', 'crossdock.yaml')))
const { further } = ofAssembly(assembly)
const templates: readonly PlacedTemplate[] = assembly.waves.flat().map((stack) => ({
  stack: stack.name,
  target: stack.target,
  template: stack.template,
  parametersFrom: stack.parametersFrom,
}))

/** What a step invokes stands elsewhere. */
const FOREIGN =
  'unknown: the function migrate is in no template: whether its role may report the outcome is not known'

test('all is proven, with nothing granted beyond need and nothing to complain of', () => {
  const landscape = readLandscape(templates)
  const proof = prove(landscape, { further, complete: true })
  const unproven = proof.edges.filter(({ verdict }) => verdict !== 'allowed')
  expect(unproven.map(({ verdict, assumed }) => `${verdict}: ${assumed}`)).toEqual([FOREIGN])
  // What the embedded cloud does not run is nothing to mend.
  const complaints = lint({ landscape, proof, complete: true })
  expect(complaints.filter(({ rule }) => rule !== 'refused-locally')).toEqual([])
  expect(findOvergrants(landscape, proof)).toEqual([])
})

test('the proof fails at a call of every Allow statement that is dropped', async () => {
  const verdicts = await judge(templates, proofWitness(further), {
    wanted: ({ kind, effect }) => kind === 'statement' && effect === 'Allow',
  })
  const spares = sparedBy(templates, further)
  const held = verdicts.filter(
    ({ mutant, proof }) =>
      !proof.denied.some(({ action }) => mutant.actions.includes(action)) && !spares(mutant),
  )
  expect(held.map(({ mutant }) => mutant.name)).toEqual([])
  expect(verdicts.map(({ mutant }) => mutant.logicalId)).toEqual(expect.arrayContaining(['ApproversProd']))
})

test('a function that the topic may not tell of an approval is missed', () => {
  const without = templates.map((placed) => {
    const kept = Object.entries(placed.template.Resources).filter(
      ([, { Type }]) => Type !== 'AWS::Lambda::Permission',
    )
    return { ...placed, template: { ...placed.template, Resources: Object.fromEntries(kept) } }
  })
  const { edges } = prove(readLandscape(without), { further, complete: true })
  const missed = edges.filter(({ verdict, assumed }) => verdict !== 'allowed' && !FOREIGN.endsWith(assumed!))
  expect(missed.map(({ need, verdict }) => [need.principal, need.action, verdict])).toEqual([
    ['sns.amazonaws.com', 'lambda:InvokeFunction', 'unknown'],
  ])
})
