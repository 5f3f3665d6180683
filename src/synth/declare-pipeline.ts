/** Fleet pipeline → the declaration that CodePipeline takes, and what must stand beside it. */
import {
  type ConnectionProvider,
  expandSource,
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  type SourceExpansion,
} from '../fleet/index.ts'
import { type ActionDeclaration, formatArn, type PipelineDeclaration } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import { type CapabilitiesOf, codeBuildAction, declareStage } from './declare-stage.ts'
import { BUILD_ARTIFACT, type Names, SOURCE_ARTIFACT } from './names.ts'
import { pipelineScope } from './scopes.ts'

export interface DeclaredPipeline {
  readonly declaration: PipelineDeclaration
  readonly source: SourceExpansion
  /** Regions with an artifact store, the hub's first. */
  readonly regions: readonly string[]
}

/** A key's ARN as far as it is known before the key is there. */
export const keyPattern = (account: string, region: string): string =>
  formatArn('kms', region, account, 'key/*')

/** A connection's ARN as far as it is known before the connection is there. */
export const connectionPattern = ({ account, region }: Fleet['hub']): string =>
  formatArn('codestar-connections', region, account, 'connection/*')

/** Gives the declaration of a pipeline; ids that AWS makes up stand in it as patterns. */
export function declarePipeline(
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): DeclaredPipeline {
  const { account, region } = fleet.hub
  const source = expandSource(pipeline.source, {
    ...pipelineScope(fleet, pipeline),
    output: SOURCE_ARTIFACT,
    hub: fleet.hub,
    starts: pipeline.start.bySource,
    connectionArn: (_provider: ConnectionProvider) => connectionPattern(fleet.hub),
  })
  const regions = [...new Set([region, ...pipeline.stages.flatMap(usedRegions)])]
  return {
    source,
    regions,
    declaration: {
      name: pipeline.id,
      roleArn: names.roleArn(account, pipeline.id, 'pipeline'),
      artifactStores: Object.fromEntries(
        regions.map((one) => [
          one,
          {
            type: 'S3',
            location: names.bucket(pipeline.id, one),
            encryptionKey: { id: keyPattern(account, one), type: 'KMS' },
          },
        ]),
      ),
      stages: [
        { name: 'Source', actions: [source.action] },
        ...(pipeline.build ? [{ name: 'Build', actions: [buildAction(pipeline, names)] }] : []),
        ...pipeline.stages.map((stage) => declareStage(fleet, pipeline, stage, names, capabilitiesOf)),
      ],
      executionMode: pipeline.executionMode,
      pipelineType: 'V2',
      ...(pipeline.variables.length && { variables: pipeline.variables }),
      ...(source.trigger !== undefined && { triggers: [source.trigger] }),
    },
  }
}

/** Regions that a stage's actions are in: each one's own, or the stage's. */
const usedRegions = ({ places, actions }: FleetStage): readonly string[] =>
  actions.length
    ? actions.map(({ region }) => region ?? places[0]!.region)
    : places.map(({ region }) => region)

const buildAction = (pipeline: FleetPipeline, names: Names): ActionDeclaration => ({
  ...codeBuildAction(provider.codeBuild, 'Build', names.project(pipeline.id), BUILD_ARTIFACT),
  namespace: 'Build',
})
