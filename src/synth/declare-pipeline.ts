/** Fleet pipeline → the declaration that CodePipeline takes, and what must stand beside it. */
import {
  type ConnectionProvider,
  expandDeploy,
  expandSource,
  expandText,
  expandValues,
  type Fleet,
  type FleetDeploy,
  type FleetPipeline,
  type FleetStage,
  type SourceExpansion,
  sourceBranch,
  type TextScope,
  typeOf,
} from '../fleet/index.ts'
import {
  type ActionDeclaration,
  formatArn,
  type PipelineDeclaration,
  type StageDeclaration,
} from '../model/index.ts'
import { type ActionProvider, provider } from '../pipeline/index.ts'
import { BUILD_ARTIFACT, type Names, SOURCE_ARTIFACT } from './names.ts'
import { compact } from './resource.ts'

/** Capabilities that a deploy must acknowledge, comma separated. */
export type CapabilitiesOf = (deploy: FleetDeploy, scope: TextScope) => string

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

/** Gives what `${…}` stands for outside the stages of a pipeline. */
export const pipelineScope = (fleet: Fleet, pipeline: FleetPipeline): TextScope => ({
  fleet: fleet.name,
  pipeline: pipeline.id,
  branch: sourceBranch(pipeline.source),
})

export type StageScope = TextScope & Readonly<Record<'environment' | 'account' | 'region', string>>

/** Gives what `${…}` stands for in a stage and one of its regions. */
export const stageScope = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  region: string,
): StageScope => {
  const scope = {
    ...pipelineScope(fleet, pipeline),
    environment: stage.environment.name,
    account: stage.environment.account,
    region,
  }
  const values = stage.values[region]
  return values && Object.keys(values).length ? { ...scope, values: expandValues(values, scope) } : scope
}

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
        ...pipeline.stages.map((stage) =>
          stage.actions.length
            ? listedStage(fleet, pipeline, stage, names)
            : declareStage(fleet, pipeline, stage, names, capabilitiesOf),
        ),
      ],
      executionMode: pipeline.executionMode,
      pipelineType: 'V2',
      ...(pipeline.variables.length && { variables: pipeline.variables }),
      ...(source.trigger !== undefined && { triggers: [source.trigger] }),
    },
  }
}

/** Regions that a stage's actions are in: each one's own, or the stage's. */
const usedRegions = ({ regions, actions }: FleetStage): readonly string[] =>
  actions.length ? actions.map(({ region }) => region ?? regions[0]!) : regions

/** A stage whose actions the fleet file lists itself. In an environment they act as the pipeline's role there. */
function listedStage(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): StageDeclaration {
  const { name: environment, account } = stage.environment
  const role = environment === 'hub' ? undefined : names.roleArn(account, pipeline.id, 'deploy')
  return {
    name: stage.name,
    actions: stage.actions.map((action): ActionDeclaration => {
      const region = action.region ?? stage.regions[0]!
      const actionTypeId = typeOf(action)
      const roleArn = action.role ?? (actionTypeId.category === 'Approval' ? undefined : role)
      return compact({
        name: action.name,
        actionTypeId,
        runOrder: action.runOrder,
        configuration: expandValues(action.configuration, stageScope(fleet, pipeline, stage, region)),
        commands: action.commands,
        outputVariables: action.variables,
        inputArtifacts: action.inputs.length ? action.inputs.map((name) => ({ name })) : undefined,
        outputArtifacts: action.outputs.length ? action.outputs.map((name) => ({ name })) : undefined,
        roleArn,
        region: region === fleet.hub.region ? undefined : region,
        namespace: action.namespace,
        timeoutInMinutes: action.timeout,
      })
    }),
  }
}

const codeBuildAction = (
  { type }: ActionProvider,
  name: string,
  project: string,
  output?: string,
): ActionDeclaration => ({
  name,
  actionTypeId: type,
  configuration: { ProjectName: project },
  inputArtifacts: [{ name: SOURCE_ARTIFACT }],
  ...(output && { outputArtifacts: [{ name: output }] }),
})

const buildAction = (pipeline: FleetPipeline, names: Names): ActionDeclaration => ({
  ...codeBuildAction(provider.codeBuild, 'Build', names.project(pipeline.id), BUILD_ARTIFACT),
  namespace: 'Build',
})

/**
 * Change sets first, all side by side; then the approval; then the deploys in the fleet's order, each in all regions
 * side by side; then the tests.
 */
function declareStage(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): StageDeclaration {
  const { account } = stage.environment
  const roles = {
    actionRole: names.roleArn(account, pipeline.id, 'deploy'),
    cloudFormationRole: names.roleArn(account, pipeline.id, 'cloudformation'),
  }
  const input = pipeline.build ? BUILD_ARTIFACT : SOURCE_ARTIFACT
  const scopes = stage.regions.map((region) => stageScope(fleet, pipeline, stage, region))
  const expansions = stage.deploys.map((deploy) =>
    scopes.map((scope) =>
      expandDeploy(
        deploy.configuration,
        { ...scope, ...roles, input, capabilities: capabilitiesOf(deploy, scope) },
        stage.changeSets,
      ),
    ),
  )
  const steps = [...new Set(stage.deploys.map(({ step }) => step))]
  const sequence: ActionDeclaration[][] = [
    expansions.flat().flatMap(({ prepare }) => prepare ?? []),
    approvalActions(fleet, pipeline, stage, names),
    ...steps.map((step) =>
      expansions.flatMap((regions, index) =>
        stage.deploys[index]!.step === step ? regions.map(({ deploy }) => deploy) : [],
      ),
    ),
    stage.test
      ? [codeBuildAction(provider.codeBuildTest, 'test', names.project(pipeline.id, stage.name))]
      : [],
  ]
  return {
    name: stage.name,
    actions: sequence
      .filter((step) => step.length)
      .flatMap((step, index) => step.map((action) => ({ ...action, runOrder: index + 1 }))),
  }
}

function approvalActions(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): ActionDeclaration[] {
  if (!stage.approve) return []
  const { account, region } = fleet.hub
  const { message, url, timeout } = stage.approve
  const scope = stageScope(fleet, pipeline, stage, stage.regions[0]!)
  return [
    {
      name: 'approve',
      actionTypeId: provider.manualApproval.type,
      configuration: {
        NotificationArn: formatArn('sns', region, account, names.topic(pipeline.id, stage.name)),
        ...(message && { CustomData: expandText(message, scope) }),
        ...(url && { ExternalEntityLink: url }),
      },
      ...(timeout !== undefined && { timeoutInMinutes: timeout }),
    },
  ]
}
