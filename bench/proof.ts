/** Proof of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../src/access/index.ts'
import type { Assembly } from '../src/model/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { type Measurement, median } from './measurement.ts'
import { withFleets } from './with-fleets.ts'

/** Gives medians: the whole of a check after synthesis, and permissions proven a second. */
export const run = async (): Promise<Measurement[]> =>
  withFleets((fleetOf) => {
    check(synthesize(fleetOf(20)))
    return [1, 10, 100, 1000].flatMap((count) => measure(synthesize(fleetOf(count)), count))
  })

function check({ waves, pipelines }: Assembly): number {
  const templates = waves.flat().map(
    ({ name: stack, target, template, parametersFrom }): PlacedTemplate => ({
      stack,
      target,
      template,
      parametersFrom,
    }),
  )
  const landscape = readLandscape(templates)
  const further = pipelines.map(({ id, applicationNeeds = [] }) => ({
    pipeline: id,
    title: 'stacks',
    needs: applicationNeeds,
  }))
  const proof = prove(landscape, { further, complete: true })
  lint({ landscape, proof, complete: true })
  findOvergrants(landscape, proof)
  if (proof.edges.some(({ verdict }) => verdict !== 'allowed'))
    throw new Error('the bench fleet must be proven')
  return proof.edges.length
}

function measure(assembly: Assembly, count: number): Measurement[] {
  const rounds = count > 100 ? 3 : 7
  let edges = 0
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    edges = check(assembly)
    return performance.now() - start
  })
  const milliseconds = median(times)
  return [
    {
      name: `check ${count}`,
      value: milliseconds,
      unit: 'ms',
      note: `${count} pipelines, 3 accounts, 2 regions: ${edges} permissions, with lint and over-grants`,
    },
    { name: `proofs a second, ${count}`, value: (edges / milliseconds) * 1000, unit: '1/s' },
  ]
}
