/** What stacks export, for templates that import it. */
import type { Target } from '../../model/index.ts'
import type { Value } from '../../template/index.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { scopesOf } from './read-landscape.ts'
import type { StandIns } from './stand-ins.ts'

/** Gives a look-up of exports by name within an account and region; undefined where no stack exports it. */
export function exportedValues(
  templates: readonly PlacedTemplate[],
  standIns: StandIns,
): (name: string, target: Target) => Value | undefined {
  const known = new Map(
    scopesOf(templates, standIns).flatMap((scope) => {
      const { account, region } = scope.placed.target
      return scope
        .exports()
        .map(([name, output]) => [`${account} ${region} ${name}`, { scope, output }] as const)
    }),
  )
  return (name, { account, region }) => {
    const found = known.get(`${account} ${region} ${name}`)
    return found?.scope.output(found.output)
  }
}
