/** Stack of a pipeline in an account that it deploys to: the role it acts as there, and CloudFormation's. */
import type { CloudFormationDeploy, Fleet, FleetPipeline, PermissionFile } from '../fleet/index.ts'
import {
  type AssemblyStack,
  type ConditionBlock,
  type Environment,
  parseArn,
  type TemplateResource,
} from '../model/index.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { roleFromNeeds } from './roles.ts'
import { template } from './stack.ts'
import type { Grant } from './statements.ts'

/** Gives the stack in the first region of an environment of the account. */
export function accessStack(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  environment: Environment,
  needs: NeedsIndex,
): AssemblyStack {
  const { account } = environment
  const deployRole = names.roleArn(account, pipeline.id, 'deploy')
  const cloudFormationRole = names.roleArn(account, pipeline.id, 'cloudformation')
  const narrow = (grant: Grant) => byAlias(grant, fleet, names)
  const deploys = stackDeploys(pipeline, account)
  const resources: Record<string, TemplateResource> = {
    DeployRole: roleFromNeeds(deployRole, needs, { description: `What ${pipeline.id} acts as here`, narrow }),
  }
  if (deploys.length)
    resources.CloudFormationRole = roleFromNeeds(cloudFormationRole, needs, {
      description: `What CloudFormation acts as for the stacks of ${pipeline.id}`,
      narrow,
      called: (because) => because.replace(/^to \w+ (\w+ in the stack )/, 'to manage $1'),
      ...ownPermissions(deploys),
    })
  const title = `roles of ${pipeline.id} in ${environment.name}`
  return {
    name: names.pipelineStack(pipeline.id, 'access'),
    target: { account, region: environment.regions[0]! },
    environment: environment.name,
    title,
    template: template(`Crossdock fleet ${fleet.name}: ${title}`, resources),
    capabilities: ['CAPABILITY_NAMED_IAM'],
    tags: fleet.tags,
    parametersFrom: {},
  }
}

/**
 * Holds a grant on "some key of the hub" to the fleet's own.
 * AWS: kms:ResourceAliases works in identity policies, and the alias is known before the key is there.
 */
function byAlias(grant: Grant, fleet: Fleet, names: Names): ConditionBlock | undefined {
  const [resource = ''] = grant.resources
  const arn = parseArn(resource)
  if (arn?.service !== 'kms' || arn.account !== fleet.hub.account || arn.resource !== 'key/*')
    return undefined
  return { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias } }
}

function stackDeploys(pipeline: FleetPipeline, account: string): CloudFormationDeploy[] {
  return pipeline.stages
    .filter((stage) => stage.environment.account === account)
    .flatMap((stage) => stage.deploys)
    .flatMap(({ configuration }) => ('cloudformation' in configuration ? [configuration.cloudformation] : []))
}

/** What the fleet file itself says CloudFormation may do. */
function ownPermissions(deploys: readonly CloudFormationDeploy[]) {
  const own = new Map<string, PermissionFile>()
  for (const permission of deploys.flatMap((deploy) => deploy.permissions ?? []))
    own.set(JSON.stringify(permission), permission)
  return {
    managedPolicies: [...own.values()].filter((one) => typeof one === 'string'),
    statements: [...own.values()].filter((one) => typeof one !== 'string'),
  }
}
