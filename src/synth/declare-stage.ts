/** Fleet stage → the stage of the declaration: its actions, in the order in which they run. */
import {
  type ActionFile,
  expandDeploy,
  expandValues,
  type Fleet,
  type FleetDeploy,
  type FleetPipeline,
  type FleetPlace,
  type FleetStage,
  type FleetStep,
  isPrepared,
  type TextScope,
  typeOf,
} from '../fleet/index.ts'
import type { ActionDeclaration, StageDeclaration } from '../model/index.ts'
import { approvalActions } from './approvals.ts'
import { testAction } from './declare-builds.ts'
import { invokeAction } from './invokes.ts'
import type { Names } from './names.ts'
import { type Outputs, placeIn } from './outputs.ts'
import { testOf } from './projects.ts'
import { compact } from './resource.ts'
import { placeScope, type StageScope } from './scopes.ts'

/** Capabilities that a deploy must acknowledge, comma separated. */
export type CapabilitiesOf = (deploy: FleetDeploy, scope: TextScope) => string

/** What the stages of a pipeline are declared with. */
export interface Declaring {
  readonly fleet: Fleet
  readonly pipeline: FleetPipeline
  readonly names: Names
  readonly outputs: Outputs
  readonly capabilitiesOf: CapabilitiesOf
}

/** Gives a stage of the pipeline: what its steps say, or the actions that the fleet file lists. */
export function declareStage(stage: FleetStage, around: Declaring): StageDeclaration {
  const { fleet, pipeline } = around
  const actions = stage.actions.length
    ? stage.actions.map((action) => {
        const region = action.region ?? stage.places[0]!.region
        const place = stage.places.find((one) => one.region === region)!
        const declared = listedAction(action, stage, placeScope(fleet, pipeline, place), around)
        return { ...declared, runOrder: action.runOrder }
      })
    : stage.steps
        .map((step, index) => step.flatMap((one) => stepActions(one, index, stage, around)))
        .filter((step) => step.length)
        .flatMap((step, index) => step.map((action) => ({ ...action, runOrder: index + 1 })))
  return { name: stage.name, actions }
}

/** Gives the actions of a step: in every region of the stage, or once. */
function stepActions(
  step: FleetStep,
  index: number,
  stage: FleetStage,
  around: Declaring,
): ActionDeclaration[] {
  const { fleet, pipeline, names } = around
  const scopes = stage.places.map((place) => scopeBefore(index, place, stage, around))
  const [first] = scopes
  switch (step.kind) {
    case 'approve':
      return approvalActions(fleet, pipeline, stage, names, first!)
    case 'prepare':
    case 'deploy':
      return scopes.flatMap((scope) => deployAction(step, stage, scope, around) ?? [])
    case 'test': {
      const which = testOf(stage, stage.tests.indexOf(step.test))
      return [testAction(step.test.name, step.test, names.project(pipeline.id, 'test', which))]
    }
    case 'invoke':
      return scopes.map((scope) =>
        invokeAction(step.invoke, scope, names.roleArn(scope.account, pipeline.id, 'deploy')),
      )
    default:
      return [listedAction(step.action, stage, first!, around)]
  }
}

/** What `${…}` stands for in a place of a stage, before one of its steps. */
function scopeBefore(step: number, place: FleetPlace, stage: FleetStage, around: Declaring): StageScope {
  const { account, region } = place
  return {
    ...placeScope(around.fleet, around.pipeline, place),
    outputs: around.outputs.at({ stage, step, account, region }),
  }
}

/** The action that makes the change set of a deploy, or that carries it out. */
function deployAction(
  { kind, deploy }: Extract<FleetStep, { kind: 'prepare' | 'deploy' }>,
  stage: FleetStage,
  scope: StageScope,
  { fleet, pipeline, names, outputs, capabilitiesOf }: Declaring,
): ActionDeclaration | undefined {
  const { account } = scope
  const management = fleet.organization?.management
  const expansion = expandDeploy(
    deploy.configuration,
    {
      ...scope,
      place: placeIn(stage, scope),
      input: deploy.input,
      artifacts: pipeline.artifacts,
      actionRole: names.roleArn(account, pipeline.id, 'deploy'),
      cloudFormationRole: names.roleArn(account, pipeline.id, 'cloudformation'),
      capabilities: capabilitiesOf(deploy, scope),
      administrationRole: names.roleArn(account, pipeline.id, 'stacksets'),
      executionRoleName: names.executionRole(pipeline.id),
      ...(management && { management: management.account }),
    },
    isPrepared(deploy, stage.steps),
  )
  if (kind === 'prepare') return expansion.prepare
  const namespace = outputs.namespaceOf(stage, deploy, scope)
  return { ...expansion.deploy, ...(namespace && { namespace }) }
}

/** An action that the fleet file writes itself. In an environment it acts as the pipeline's role there. */
function listedAction(
  action: Omit<ActionFile, 'runOrder'>,
  stage: FleetStage,
  scope: StageScope,
  { fleet, pipeline, names }: Declaring,
): ActionDeclaration {
  const { environment, account } = stage.places[0]!
  const role = environment === 'hub' ? undefined : names.roleArn(account, pipeline.id, 'deploy')
  const region = action.region ?? scope.region
  const actionTypeId = typeOf(action)
  const artifacts = (list: readonly string[]) => (list.length ? list.map((name) => ({ name })) : undefined)
  return compact({
    name: action.name,
    actionTypeId,
    configuration: expandValues(action.configuration, scope),
    commands: action.commands,
    outputVariables: action.variables,
    inputArtifacts: artifacts(action.inputs),
    outputArtifacts: artifacts(action.outputs),
    roleArn: action.role ?? (actionTypeId.category === 'Approval' ? undefined : role),
    region: region === fleet.hub.region ? undefined : region,
    namespace: action.namespace,
    timeoutInMinutes: action.timeout,
  })
}
