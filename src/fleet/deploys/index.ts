/** Every kind of deploy; a new one is a file beside this and a word in the list. */
import type * as z from 'zod/mini'
import type { PermissionFile } from '../build-schema.ts'
import type { TextScope } from '../text.ts'
import { cloudformation } from './cloudformation.ts'
import { codedeploy } from './codedeploy.ts'
import type {
  DeployExpansion,
  DeployKind,
  DeployScope,
  DeployStage,
  GroupConfiguration,
  ReadArtifact,
  Refusal,
} from './deploy-kind.ts'
import { isDeployName } from './deploy-name.ts'
import { ecs } from './ecs.ts'
import { lambda } from './lambda.ts'
import { s3 } from './s3.ts'
import type { StackDeploy } from './stack-deploy.ts'
import type { StackSetDeploy } from './stack-set-deploy.ts'
import { stackset } from './stackset.ts'
import { startPipeline } from './start-pipeline.ts'

export { artifactReference } from './artifact-reference.ts'
export type { DeployExpansion, DeployScope, DeployStage } from './deploy-kind.ts'
export { type StackDeploy, stackName } from './stack-deploy.ts'
export { type StackSetDeploy, stackOfSet } from './stack-set-deploy.ts'

export const deployKinds = [cloudformation, codedeploy, stackset, s3, ecs, lambda, startPipeline] as const

export type DeployConfiguration = z.output<(typeof deployKinds)[number]['schema']>

/** Asked for at each place, and the same at all. */
const known = new WeakMap<DeployConfiguration, DeployKind>()

function kindOf(deploy: DeployConfiguration): DeployKind {
  let kind = known.get(deploy)
  if (!kind) {
    kind = deployKinds.find(({ key }) => Object.hasOwn(deploy, key))! as unknown as DeployKind
    known.set(deploy, kind)
  }
  return kind
}

/** Gives what a deploy is called: its own name, that of what it is about, or its kind. */
export function deployNameOf(deploy: DeployConfiguration): string {
  const { key, called } = kindOf(deploy)
  const about = called?.(deploy)
  return deploy.name ?? (about !== undefined && isDeployName(about) ? about : key)
}

/** Gives what two deploys of one stage must not share; undefined for a kind of which several may be alike. */
export const deployIdentity = (deploy: DeployConfiguration): string | undefined =>
  deploy.name ?? kindOf(deploy).called?.(deploy)

/** Gives the stack that a deploy makes; undefined where it makes none. */
export const deployedStack = (deploy: DeployConfiguration): StackDeploy | undefined =>
  kindOf(deploy).stack?.(deploy)

/** Gives the stack set that a deploy makes; undefined where it makes none. */
export const deployedStackSet = (deploy: DeployConfiguration): StackSetDeploy | undefined =>
  kindOf(deploy).stackSet?.(deploy)

/** Gives the fleet's name of the artifact that a deploy names; `undefined` for one that names none, `null` where none is deployed. */
export function deployedArtifact(deploy: DeployConfiguration): string | null | undefined {
  if (!Object.hasOwn(kindOf(deploy).schema.shape, 'from')) return null
  return (deploy as { from?: string }).from
}

/** Gives what the fleet file lets the role that the pipeline acts as do for a deploy, beside what it needs. */
export const deployPermissions = (deploy: DeployConfiguration): readonly PermissionFile[] =>
  kindOf(deploy).permissions?.(deploy) ?? []

/** Gives the artifacts that a deploy takes besides the one that is deployed. */
export const readArtifacts = (deploy: DeployConfiguration): readonly ReadArtifact[] =>
  kindOf(deploy).reads?.(deploy) ?? []

/** Gives the roles, by name or ARN, that a deploy hands on; undefined where it hands on none, or nobody says which. */
export const passedRoles = (deploy: DeployConfiguration): readonly string[] | undefined =>
  kindOf(deploy).passes?.(deploy)

/** Gives the configuration of the deployment group that a deploy goes to; undefined where it goes to none. */
export const groupConfiguration = (
  deploy: DeployConfiguration,
  scope: TextScope,
): GroupConfiguration | undefined => kindOf(deploy).configuration?.(deploy, scope)

/** Gives why a stage cannot have a deploy; undefined where it can. */
export const refusedDeploy = (deploy: DeployConfiguration, stage: DeployStage): Refusal | undefined =>
  kindOf(deploy).refused?.(deploy, stage)

/** Gives the actions that carry out one deploy of one stage in one region. */
export function expandDeploy(
  deploy: DeployConfiguration,
  scope: DeployScope,
  changeSets: boolean,
): DeployExpansion {
  return kindOf(deploy).expand(deploy, scope, changeSets)
}
