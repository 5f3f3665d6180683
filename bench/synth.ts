/** Synthesis of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import type { Fleet } from '../src/fleet/index.ts'
import { renderTemplate, synthesize } from '../src/synth/index.ts'
import type { Measurement } from './measurement.ts'
import { withFleets } from './with-fleets.ts'

/** Gives the median of several runs for each size of fleet, in milliseconds. */
export const run = async (): Promise<Measurement[]> =>
  withFleets((fleetOf) => {
    synthesize(fleetOf(20))
    return [1, 10, 100, 1000].flatMap((count) => measure(fleetOf(count), count))
  })

function measure(fleet: Fleet, count: number): Measurement[] {
  const rounds = count > 100 ? 3 : 7
  const times = (act: () => void): number => {
    const all = Array.from({ length: rounds }, () => {
      const start = performance.now()
      act()
      return performance.now() - start
    }).sort((a, b) => a - b)
    return all[rounds >> 1]!
  }
  const assembly = synthesize(fleet)
  const stacks = assembly.waves.flat()
  return [
    {
      name: `synth ${count}`,
      value: times(() => synthesize(fleet)),
      unit: 'ms',
      note: `${count} pipelines, 3 accounts, 2 regions: ${stacks.length} stacks`,
    },
    {
      name: `render ${count}`,
      value: times(() => {
        for (const { template } of stacks) renderTemplate(template)
      }),
      unit: 'ms',
      note: 'the templates as text',
    },
  ]
}
