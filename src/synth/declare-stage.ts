/** Fleet stage → the stage of the declaration: its actions, in the order in which they run. */
import {
  type ActionFile,
  expandDeploy,
  expandValues,
  type FleetPlace,
  type FleetStage,
  type FleetStep,
  isPrepared,
  typeOf,
} from '../fleet/index.ts'
import type { ActionDeclaration, StageDeclaration } from '../model/index.ts'
import { approvalActions, approvalStage } from './approvals.ts'
import { testActions } from './declare-builds.ts'
import type { Declaring } from './declaring.ts'
import { invokeAction } from './invokes.ts'
import { CHANGES, changesAction, watchAction } from './observer.ts'
import { placeIn } from './outputs.ts'
import { testOf } from './projects.ts'
import { isProtected, protectionAction } from './protection.ts'
import { compact } from './resource.ts'
import { placeScope, type StageScope } from './scopes.ts'
import { stageConditions, unlessChanged } from './stage-conditions.ts'

/**
 * Gives the stages of the pipeline that a stage of the file becomes: one, or three where nobody is asked when there is
 * nothing to change. AWS: only a whole stage can be skipped; a change set without changes is executed without effect, so
 * that the outputs of its stack are known as ever.
 */
export function declareStage(stage: FleetStage, around: Declaring): StageDeclaration[] {
  const steps = stage.steps.map((step, index) => [
    step.flatMap((one) => stepActions(one, index, stage, around)),
    step.flatMap((one) => protectionActions(one, stage, around)),
  ])
  const conditions = stageConditions(stage, around)
  if (stage.actions.length)
    return [{ name: stage.name, actions: listedActions(stage, around), ...conditions }]
  const watch = watchAction(around.fleet, around.pipeline, stage, around.names)
  const last = watch ? [[watch]] : []
  if (!stage.approve?.skipWhenEmpty)
    return [{ name: stage.name, actions: inOrder([...steps.flat(), ...last]), ...conditions }]
  const asked = stage.steps.findIndex((step) => step.some(({ kind }) => kind === 'approve'))
  const after = steps.slice(asked + 1).flat()
  const namespace = around.names.namespace(stage.name, CHANGES)
  const count = { ...changesAction(after.flat(), around.fleet, around.pipeline, around.names), namespace }
  return [
    { name: `${stage.name}-${CHANGES}`, actions: inOrder([...steps.slice(0, asked).flat(), [count]]) },
    { name: approvalStage(stage), actions: inOrder(steps[asked]!), ...unlessChanged(namespace) },
    { name: stage.name, actions: inOrder([...after, ...last]), ...conditions },
  ]
}

const inOrder = (steps: readonly (readonly ActionDeclaration[])[]): ActionDeclaration[] =>
  steps
    .filter((step) => step.length)
    .flatMap((step, index) => step.map((action) => ({ ...action, runOrder: index + 1 })))

function listedActions(stage: FleetStage, around: Declaring): ActionDeclaration[] {
  return stage.actions.map((action) => {
    const region = action.region ?? stage.places[0]!.region
    const place = stage.places.find((one) => one.region === region)!
    const declared = listedAction(action, stage, placeScope(around.fleet, around.pipeline, place), around)
    return { ...declared, runOrder: action.runOrder }
  })
}

/** What protects the stacks that a step has deployed. */
const protectionActions = (step: FleetStep, stage: FleetStage, around: Declaring): ActionDeclaration[] =>
  isProtected(step)
    ? stage.places.flatMap((place) =>
        protectionAction(step, placeScope(around.fleet, around.pipeline, place), {
          ...around,
          home: place.home,
          place: placeIn(stage, place),
        }),
      )
    : []

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
      return testActions(step.test, stage, names.project(pipeline.id, 'test', which), ({ account }) =>
        names.roleArn(account, pipeline.id, 'deploy'),
      )
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
