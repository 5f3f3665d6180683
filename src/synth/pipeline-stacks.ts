/** The stacks that one pipeline of a fleet has for itself. */
import type { Fleet } from '../fleet/index.ts'
import type { Assembly, AssemblyStack } from '../model/index.ts'
import { Names } from './names.ts'
import { PARTS } from './operator-policies.ts'

/** Gives them, with the keys of regions in which no other pipeline is; what the hub's stack holds is all pipelines'. */
export function pipelineStacks(fleet: Fleet, { waves }: Assembly, id: string): AssemblyStack[] {
  const names = new Names(fleet)
  const all = waves.flat()
  const named = new Set([names.pipelineStack(id), ...PARTS.map((part) => names.pipelineStack(id, part))])
  const own = all.filter(({ name }) => named.has(name))
  const others = all.filter(({ name }) => !named.has(name))
  const keys = all.filter(({ name }) => name === names.fleetStack('key'))
  const takes = (some: readonly AssemblyStack[], { name, target }: AssemblyStack): boolean =>
    some.some(({ parametersFrom }) =>
      Object.values(parametersFrom).some(
        (from) => from.stack === name && from.target.region === target.region,
      ),
    )
  return [...own, ...keys.filter((key) => takes(own, key) && !takes(others, key))]
}
