/** The places where needs arise, in the order in which a reader follows a pipeline. */
import { worksOf } from '../../pipeline/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { Edge, Use } from './proof.ts'

/** Gives every use once: each pipeline itself, its actions as they run and its rules, then what starts or deploys it. */
export function usesInOrder({ pipelines }: Landscape, edges: readonly Edge[]): Use[] {
  const uses = new Map<string, Use>()
  // The needs of one action share its use.
  for (const use of new Set(edges.flatMap(({ uses: some }) => some))) uses.set(keyOf(use), use)
  const places = new Map<string, number>()
  const place = (use: Use) => {
    const key = keyOf(use)
    if (!places.has(key)) places.set(key, places.size)
  }
  for (const { declaration } of pipelines) {
    const pipeline = declaration.name
    place({ pipeline })
    for (const stage of declaration.stages) {
      // AWS: actions with the same run order run together; 1 where none is given.
      const actions = [...stage.actions].sort((one, other) => (one.runOrder ?? 1) - (other.runOrder ?? 1))
      for (const action of actions) place({ pipeline, stage: stage.name, action: action.name })
      // Rules come behind; what has a place keeps it.
      for (const { label } of worksOf(stage)) place({ pipeline, stage: stage.name, action: label })
    }
  }
  return [...uses]
    .map(([key, use]) => ({ use, order: places.get(key) ?? places.size }))
    .sort((one, other) => one.order - other.order)
    .map(({ use }) => use)
}

const keyOf = ({ pipeline, stage, action }: Use): string => JSON.stringify([pipeline, stage, action])
