/** Fleet pipeline → the declaration that CodePipeline takes, and what must stand beside it. */
import type { Fleet, FleetPipeline, FleetStage } from '../fleet/index.ts'
import type { PipelineDeclaration } from '../model/index.ts'
import { declareBuilds } from './declare-builds.ts'
import { type DeclaredSource, declareSources } from './declare-sources.ts'
import { declareStage } from './declare-stage.ts'
import type { CapabilitiesOf } from './declaring.ts'
import type { Names } from './names.ts'
import { Outputs } from './outputs.ts'
import { protectionRegions } from './protection.ts'
import { pipelineName } from './scopes.ts'
import { updateStage } from './update-project.ts'

export interface DeclaredPipeline {
  readonly declaration: PipelineDeclaration
  readonly sources: readonly DeclaredSource[]
  /** Regions with an artifact store, the hub's first. */
  readonly regions: readonly string[]
}

/** Gives the declaration of a pipeline; ids that AWS makes up stand in it as patterns. */
export function declarePipeline(
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): DeclaredPipeline {
  const around = { fleet, pipeline, names, outputs: new Outputs(pipeline, names), capabilitiesOf }
  const { account, region } = fleet.hub
  const sources = declareSources(fleet, pipeline, names)
  const triggers = sources.flatMap(({ trigger }) => trigger ?? [])
  const regions = [
    ...new Set([region, ...pipeline.stages.flatMap(usedRegions), ...protectionRegions(fleet, pipeline)]),
  ]
  return {
    sources,
    regions,
    declaration: {
      name: pipelineName(fleet, pipeline, names),
      roleArn: names.roleArn(account, pipeline.id, 'pipeline'),
      artifactStores: Object.fromEntries(
        regions.map((one) => [
          one,
          {
            type: 'S3',
            location: names.bucket(pipeline.id, one),
            encryptionKey: { id: names.key(one), type: 'KMS' },
          },
        ]),
      ),
      stages: [
        { name: 'Source', actions: sources.map(({ action }) => action) },
        ...updateStage(pipeline, names),
        ...(pipeline.builds.length ? [{ name: 'Build', actions: declareBuilds(pipeline, names) }] : []),
        ...pipeline.stages.flatMap((stage) => declareStage(stage, around)),
      ],
      executionMode: pipeline.executionMode,
      pipelineType: 'V2',
      ...(pipeline.variables.length && { variables: pipeline.variables }),
      ...(triggers.length && { triggers }),
    },
  }
}

/** Regions that a stage's actions and rules are in: each one's own, or the stage's. */
const usedRegions = ({ places, actions, conditions }: FleetStage): readonly string[] => [
  ...(actions.length
    ? actions.map(({ region }) => region ?? places[0]!.region)
    : places.map(({ region }) => region)),
  ...[conditions?.beforeEntry, conditions?.onSuccess, conditions?.onFailure].flatMap((one) =>
    (one?.conditions ?? []).flatMap(({ rules }) => rules.flatMap(({ region }) => region ?? [])),
  ),
]
