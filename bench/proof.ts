/** Proof of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../src/access/index.ts'
import type { Assembly } from '../src/model/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { decisionsASecond } from './iam.ts'
import { fastest, type Measurement } from './measurement.ts'
import { withFleets } from './with-fleets.ts'

/**
 * Gives the fastest of several runs of what a check does after synthesis, and permissions proven a second; `commands`
 * times the command.
 * The floor is reading the same templates as JSON, and of a proof the bare decision about one request; beside it stands
 * the run of ten times fewer pipelines, tenfold.
 */
export const run = async (): Promise<Measurement[]> =>
  withFleets((fleetOf) => {
    check(synthesize(fleetOf(20)))
    const decisions = decisionsASecond()
    let tenfold: number | undefined
    return [1, 10, 100, 1000].flatMap((count) => {
      const measured = measure(synthesize(fleetOf(count)), count, { tenfold, decisions })
      tenfold = measured[0]!.value * 10
      return measured
    })
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
  const further = pipelines.flatMap(({ id, applications = [] }) =>
    applications.map(({ stack, needs }) => ({ pipeline: id, title: stack, needs })),
  )
  const proof = prove(landscape, { further, complete: true })
  lint({ landscape, proof, complete: true })
  findOvergrants(landscape, proof)
  if (proof.edges.some(({ verdict }) => verdict !== 'allowed'))
    throw new Error('the bench fleet must be proven')
  return proof.edges.length
}

/** What the figures of one size stand beside. */
interface Beside {
  /** Milliseconds of ten times fewer pipelines, tenfold. */
  readonly tenfold: number | undefined
  /** Bare decisions a second. */
  readonly decisions: number
}

function measure(assembly: Assembly, count: number, { tenfold, decisions }: Beside): Measurement[] {
  const rounds = count > 100 ? 4 : 10
  const texts = assembly.waves.flat().map(({ template }) => JSON.stringify(template))
  const floor = fastest(rounds, () => {
    for (const text of texts) JSON.parse(text)
  })
  let edges = 0
  const milliseconds = fastest(rounds, () => {
    edges = check(assembly)
  })
  const linear = tenfold === undefined ? [] : [{ name: 'linear', value: tenfold }]
  return [
    {
      name: `proof, lint and over-grants ${count}`,
      value: milliseconds,
      unit: 'ms',
      beside: [{ name: 'JSON.parse', value: floor }, ...linear],
      ...(count === 100 && { aim: { atMost: 1000 } }),
      ...(count === 1000 && { aim: { atMost: 1.1, timesOf: 'linear' } }),
      note: `3 accounts, 2 regions: ${edges} permissions, without reading and synthesis`,
    },
    {
      name: `proofs a second, ${count}`,
      value: (edges / milliseconds) * 1000,
      unit: '1/s',
      beside: [{ name: 'bare decisions', value: decisions }],
    },
  ]
}
