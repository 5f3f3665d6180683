/** Fleet stage → the stage of the declaration: its actions, in the order in which they run. */
import {
  expandDeploy,
  expandText,
  expandValues,
  type Fleet,
  type FleetDeploy,
  type FleetPipeline,
  type FleetStage,
  type TextScope,
  typeOf,
} from '../fleet/index.ts'
import { type ActionDeclaration, formatArn, type StageDeclaration } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import { testAction } from './declare-builds.ts'
import type { Names } from './names.ts'
import { compact } from './resource.ts'
import { placeScope } from './scopes.ts'

/** Capabilities that a deploy must acknowledge, comma separated. */
export type CapabilitiesOf = (deploy: FleetDeploy, scope: TextScope) => string

/** Gives a stage of the pipeline: what its steps say, or the actions that the fleet file lists. */
export const declareStage = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): StageDeclaration =>
  stage.actions.length
    ? listedStage(fleet, pipeline, stage, names)
    : sequencedStage(fleet, pipeline, stage, names, capabilitiesOf)

/** A stage whose actions the fleet file lists itself. In an environment they act as the pipeline's role there. */
function listedStage(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): StageDeclaration {
  const first = stage.places[0]!
  const { environment, account } = first
  const role = environment === 'hub' ? undefined : names.roleArn(account, pipeline.id, 'deploy')
  return {
    name: stage.name,
    actions: stage.actions.map((action): ActionDeclaration => {
      const region = action.region ?? first.region
      const place = stage.places.find((one) => one.region === region)!
      const actionTypeId = typeOf(action)
      const roleArn = action.role ?? (actionTypeId.category === 'Approval' ? undefined : role)
      return compact({
        name: action.name,
        actionTypeId,
        runOrder: action.runOrder,
        configuration: expandValues(action.configuration, placeScope(fleet, pipeline, place)),
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

/**
 * Change sets first, all side by side; then the approval; then the deploys in the fleet's order, each in all places
 * side by side; then the tests.
 */
function sequencedStage(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): StageDeclaration {
  const isOfOneAccount = new Set(stage.places.map(({ account }) => account)).size === 1
  const scopes = stage.places.map((place) => ({
    ...placeScope(fleet, pipeline, place),
    place: isOfOneAccount ? place.region : `${place.account}-${place.region}`,
    artifacts: pipeline.artifacts,
    actionRole: names.roleArn(place.account, pipeline.id, 'deploy'),
    cloudFormationRole: names.roleArn(place.account, pipeline.id, 'cloudformation'),
  }))
  const expansions = stage.deploys.map((deploy) =>
    scopes.map((scope) =>
      expandDeploy(
        deploy.configuration,
        { ...scope, input: deploy.input, capabilities: capabilitiesOf(deploy, scope) },
        stage.changeSets,
      ),
    ),
  )
  const steps = [...new Set(stage.deploys.map(({ step }) => step))]
  const sequence: ActionDeclaration[][] = [
    expansions.flat().flatMap(({ prepare }) => prepare ?? []),
    approvalActions(fleet, pipeline, stage, names),
    ...steps.map((step) =>
      expansions.flatMap((places, index) =>
        stage.deploys[index]!.step === step ? places.map(({ deploy }) => deploy) : [],
      ),
    ),
    stage.test ? [testAction('test', stage.test, names.project(pipeline.id, 'test', stage.name))] : [],
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
  const scope = placeScope(fleet, pipeline, stage.places[0]!)
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
