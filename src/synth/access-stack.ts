/** Stack of a pipeline in an account that it deploys to: the role it acts as there, and CloudFormation's. */
import {
  type DeployConfiguration,
  deployedStack,
  deployPermissions,
  type Fleet,
  type FleetPipeline,
  type FleetPlace,
  type PermissionFile,
} from '../fleet/index.ts'
import { type AssemblyStack, type ConditionBlock, parseArn, type TemplateResource } from '../model/index.ts'
import type { Names, TargetRole } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import type { PipelineParts } from './pipeline-stack.ts'
import { projectRoles } from './project-resources.ts'
import { protectionResources } from './protection.ts'
import { roleFromNeeds, roleOfAnySize, sayManage } from './roles.ts'
import { template } from './stack.ts'
import { instanceStatements, stackSetPermissions, stackSetsOf } from './stack-sets.ts'
import type { Grant } from './statements.ts'

/**
 * Gives the stack in the account of a place, in the first region of its environment; none where no action acts there as a
 * role that is made.
 */
export function accessStack(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  { environment, account, accountName, home }: FleetPlace,
  { needs, projects, update }: Pick<PipelineParts, 'needs' | 'projects' | 'update'>,
): AssemblyStack | undefined {
  const deployRole = names.roleArn(account, pipeline.id, 'deploy')
  const cloudFormationRole = names.roleArn(account, pipeline.id, 'cloudformation')
  const narrow = (grant: Grant) => byAlias(grant, fleet, names)
  const deploys = deploysTo(pipeline, account)
  const stacks = deploys.flatMap((one) => deployedStack(one) ?? [])
  const isMade = (role: TargetRole) => names.existingRole(account, pipeline.id, role) === undefined
  const resources: Record<string, TemplateResource> = {}
  if (needs.toAssume(deployRole).length && isMade('deploy'))
    resources.DeployRole = roleFromNeeds(deployRole, needs, {
      description: `What ${pipeline.id} acts as here`,
      iam: fleet.iam,
      narrow,
      ...ownPermissions(deploys.flatMap(deployPermissions)),
    })
  if (stacks.length && needs.toAssume(cloudFormationRole).length && isMade('cloudformation'))
    Object.assign(
      resources,
      roleOfAnySize('CloudFormationRole', cloudFormationRole, needs, {
        description: `What CloudFormation acts as for the stacks of ${pipeline.id}`,
        iam: fleet.iam,
        narrow,
        called: sayManage,
        ...ownPermissions(stacks.flatMap(({ permissions = [] }) => permissions)),
      }),
    )
  Object.assign(
    resources,
    stackSetRoles(fleet, names, pipeline, account, needs),
    protectionResources(fleet, names, pipeline, account, needs),
    projectRoles(
      projects.filter(({ place }) => place?.account === account),
      needs,
      {
        ...{ iam: fleet.iam, narrow },
        existing:
          account === fleet.hub.account ? names.existingRole(account, pipeline.id, 'build') : undefined,
      },
    ),
  )
  const updateRole = account === fleet.hub.account ? undefined : update?.roles.get(account)
  if (updateRole)
    Object.assign(
      resources,
      roleOfAnySize('UpdateRole', updateRole, needs, {
        description: `What ${pipeline.id} updates itself as here`,
        iam: fleet.iam,
        statements: update?.statements.get(updateRole),
      }),
    )
  if (!Object.keys(resources).length) return undefined
  const where = accountName === environment ? environment : `${environment} ${accountName}`
  const title = `roles of ${pipeline.id} in ${where}`
  return {
    name: names.pipelineStack(pipeline.id, 'access'),
    target: { account, region: home },
    environment,
    title,
    template: template(`Crossdock fleet ${fleet.name}: ${title}`, resources),
    capabilities: ['CAPABILITY_NAMED_IAM'],
    tags: fleet.tags,
    parametersFrom: {},
  }
}

/** The role that StackSets acts as in the account of a stack set, and the one that it assumes where the stacks stand. */
function stackSetRoles(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  account: string,
  needs: NeedsIndex,
): Record<string, TemplateResource> {
  const administration = names.roleArn(account, pipeline.id, 'stacksets')
  const execution = names.executionRoleArn(account, pipeline.id)
  const sets = stackSetsOf(fleet, pipeline)
  const own = ownPermissions(stackSetPermissions(sets, account))
  return {
    ...(needs.toAssume(administration).length && {
      StackSetRole: roleFromNeeds(administration, needs, {
        description: `What StackSets acts as for the stack sets of ${pipeline.id}`,
        iam: fleet.iam,
      }),
    }),
    ...(needs.toAssume(execution).length &&
      roleOfAnySize('InstancesRole', execution, needs, {
        description: `What makes the stacks of the stack sets of ${pipeline.id} here`,
        iam: { ...fleet.iam, path: '/' },
        called: sayManage,
        managedPolicies: own.managedPolicies,
        statements: [...instanceStatements(sets, account), ...own.statements],
      })),
  }
}

/**
 * Holds a grant on "some key of the hub" to the fleet's own.
 * AWS: kms:ResourceAliases works in identity policies, and the alias is known before the key is there.
 */
function byAlias(grant: Grant, fleet: Fleet, names: Names): ConditionBlock | undefined {
  const [resource = ''] = grant.resources
  if (!resource.endsWith('key/*')) return undefined
  const arn = parseArn(resource)
  if (arn?.service !== 'kms' || arn.account !== fleet.hub.account || arn.resource !== 'key/*')
    return undefined
  return { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias } }
}

const deploysTo = (pipeline: FleetPipeline, account: string): DeployConfiguration[] =>
  pipeline.stages
    .filter(({ places }) => places.some((place) => place.account === account))
    .flatMap((stage) => stage.deploys.map(({ configuration }) => configuration))

/** What the fleet file itself says a role may do. */
function ownPermissions(permissions: readonly PermissionFile[]) {
  const own = new Map<string, PermissionFile>()
  for (const permission of permissions) own.set(JSON.stringify(permission), permission)
  return {
    managedPolicies: [...own.values()].filter((one) => typeof one === 'string'),
    statements: [...own.values()].filter((one) => typeof one !== 'string'),
  }
}
