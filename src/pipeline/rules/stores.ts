/** Rules for artifact stores: one, or one for every region in use. */
import { entryOf, type PipelineDeclaration, type Target } from '../../model/index.ts'
import type { PlacedAction } from '../placed-action.ts'
import { structure, type Violation } from '../violation.ts'

export function checkStores(
  pipeline: PipelineDeclaration,
  actions: readonly PlacedAction[],
  home: Target,
): Violation[] {
  const { artifactStore: one, artifactStores: many } = pipeline
  if (!one === !many)
    return [
      structure(
        'artifactStore',
        one
          ? 'Pipeline has both artifactStore and artifactStores. There should be only one of them'
          : 'Pipeline has neither artifactStore nor artifactStores. There should be one of them',
      ),
    ]
  return checkRegions(pipeline, actions, home)
}

function checkRegions(
  pipeline: PipelineDeclaration,
  actions: readonly PlacedAction[],
  home: Target,
): Violation[] {
  const regions = new Set([home.region, ...actions.map(({ action }) => action.region ?? home.region)])
  const { artifactStores } = pipeline
  if (!artifactStores)
    return [...regions]
      .filter((region) => region !== home.region)
      .map((region) =>
        structure(
          'artifactStore',
          `Pipeline has actions in region ${region}; artifactStores with a store for every region is needed`,
        ),
      )
  return [...regions]
    .filter((region) => !entryOf(artifactStores, region))
    .map((region) =>
      structure(`artifactStores.${region}`, `Pipeline has no artifact store for region ${region}`),
    )
}
