/** Synthesis of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import type { Fleet } from '../src/fleet/index.ts'
import { renderTemplate, synthesize } from '../src/synth/index.ts'
import { fastest, type Measurement } from './measurement.ts'
import { withFleets } from './with-fleets.ts'

/** Gives the fastest of several runs for each size of fleet. The floor is the bare text of the same stacks. */
export const run = async (): Promise<Measurement[]> =>
  withFleets((fleetOf) => {
    synthesize(fleetOf(20))
    return [1, 10, 100, 1000].flatMap((count) => measure(fleetOf(count), count))
  })

function measure(fleet: Fleet, count: number): Measurement[] {
  const rounds = count > 100 ? 5 : 15
  const templates = synthesize(fleet)
    .waves.flat()
    .map(({ template }) => template)
  const floor = fastest(rounds, () => {
    for (const template of templates) JSON.stringify(template)
  })
  return [
    {
      name: `synth ${count}`,
      value: fastest(rounds, () => synthesize(fleet)),
      unit: 'ms',
      beside: [{ name: 'JSON.stringify', value: floor }],
      ...(count === 100 && { aim: { atMost: 50 } }),
      note: `${count} pipelines, 3 accounts, 2 regions: ${templates.length} stacks`,
    },
    {
      name: `render ${count}`,
      value: fastest(rounds, () => {
        for (const template of templates) renderTemplate(template)
      }),
      unit: 'ms',
      beside: [{ name: 'JSON.stringify', value: floor }],
      note: 'the templates as text',
    },
  ]
}
