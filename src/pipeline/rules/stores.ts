/** Rules for artifact stores: one, or one for every region in use. */
import { type ArtifactStore, entryOf, type PipelineDeclaration, type Target } from '../../model/index.ts'
import type { PlacedAction } from '../placed-action.ts'
import { badValue, checkText, structure, type Violation } from '../violation.ts'

const BUCKET = /^[a-zA-Z0-9\-.]+$/

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
  const stores: [string, ArtifactStore][] = many
    ? Object.entries(many).map(([region, store]) => [`artifactStores.${region}`, store])
    : [['artifactStore', one!]]
  return [
    ...stores.flatMap(([path, store]) => checkStore(path, store)),
    ...checkRegions(pipeline, actions, home),
  ]
}

function checkStore(path: string, store: ArtifactStore): Violation[] {
  const violations = [...checkText(`${path}.location`, store.location, { pattern: BUCKET, min: 3, max: 63 })]
  if (store.type !== 'S3')
    violations.push(badValue(`${path}.type`, `${path}.type is "${store.type}" but must be S3`))
  if (!store.encryptionKey) return violations
  if (store.encryptionKey.type !== 'KMS')
    violations.push(badValue(`${path}.encryptionKey.type`, `${path}.encryptionKey.type must be KMS`))
  return [...violations, ...checkText(`${path}.encryptionKey.id`, store.encryptionKey.id, { max: 400 })]
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
