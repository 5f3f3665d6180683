/** CreateDeploymentGroup, UpdateDeploymentGroup, GetDeploymentGroup, BatchGetDeploymentGroups, ListDeploymentGroups and DeleteDeploymentGroup. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { defaultConfiguration } from '../engine/built-in-configurations.ts'
import { checkGroup } from '../engine/check-group.ts'
import { checkRole, passRole } from '../engine/check-role.ts'
import { configurationFor } from '../engine/find-configuration.ts'
import { badToken, PAGE } from '../engine/refuse.ts'
import { applicationKind, groupKind } from '../kinds.ts'
import {
  deployments,
  deploymentsOf,
  type Group,
  type GroupSettings,
  groups,
  groupsOf,
  isOver,
} from '../state.ts'
import { deployTags } from './tags.ts'

const SETTINGS = [
  'triggerConfigurations',
  'alarmConfiguration',
  'autoRollbackConfiguration',
  'deploymentStyle',
  'blueGreenDeploymentConfiguration',
  'loadBalancerInfo',
  'ecsServices',
] as const

/** Gives what of an input is kept; an update leaves alone what it does not name. */
function settingsOf(input: GroupSettings, before: GroupSettings = {}): GroupSettings {
  const given = SETTINGS.filter((name) => input[name] !== undefined)
  return withWaits({ ...before, ...Object.fromEntries(given.map((name) => [name, input[name]])) })
}

/** AWS: both waits are told, also where none was given: `aws ecs deploy` reads them. */
function withWaits(settings: GroupSettings): GroupSettings {
  const { blueGreenDeploymentConfiguration: given } = settings
  if (!given) return settings
  const { deploymentReadyOption, terminateBlueInstancesOnDeploymentSuccess } = given
  return {
    ...settings,
    blueGreenDeploymentConfiguration: {
      ...given,
      deploymentReadyOption: { waitTimeInMinutes: 0, ...deploymentReadyOption },
      terminateBlueInstancesOnDeploymentSuccess: {
        terminationWaitTimeInMinutes: 0,
        ...terminateBlueInstancesOnDeploymentSuccess,
      },
    },
  }
}

const taken = (name: string): AwsError =>
  new AwsError('DeploymentGroupAlreadyExistsException', `Deployment group already exists: ${name}`)

export const CreateDeploymentGroup = operation({
  service: 'codedeploy',
  name: 'CreateDeploymentGroup',
  access: ({ applicationName: application, deploymentGroupName: name, serviceRoleArn, tags }, ctx) => [
    ...groupKind.onNew(ctx, 'CreateDeploymentGroup', { application, name }, tags),
    passRole(serviceRoleArn),
  ],
  run: async (input, ctx) => {
    const { applicationName: application, deploymentGroupName: name } = input
    const { platform } = applicationKind.find(ctx, application)
    if (groupKind.lookUp(ctx, { application, name })) throw taken(name)
    const configuration = input.deploymentConfigName ?? defaultConfiguration(platform)
    configurationFor(ctx, configuration, platform)
    checkGroup(input, platform)
    const group: Group = {
      application,
      name,
      id: ctx.cloud.ids.uuid(),
      configuration,
      roleArn: input.serviceRoleArn,
      settings: settingsOf(input),
      tags: groupKind.newTags(deployTags.read(input.tags)),
    }
    await checkRole(ctx, group)
    if (groupKind.lookUp(ctx, { application, name })) throw taken(name)
    ctx.table(groups).put(`${application}/${name}`, group)
    return { deploymentGroupId: group.id }
  },
})

/** AWS: deployments that are under way go on as they began. */
export const UpdateDeploymentGroup = operation({
  service: 'codedeploy',
  name: 'UpdateDeploymentGroup',
  access: ({ applicationName: application, currentDeploymentGroupName: name, serviceRoleArn }, ctx) => [
    groupKind.on(ctx, 'UpdateDeploymentGroup', { application, name }),
    ...(serviceRoleArn ? [passRole(serviceRoleArn)] : []),
  ],
  run: async (input, ctx) => {
    const { applicationName: application, currentDeploymentGroupName: name } = input
    const { platform } = applicationKind.find(ctx, application)
    const before = groupKind.find(ctx, { application, name })
    const newName = input.newDeploymentGroupName ?? name
    if (newName !== name && groupKind.lookUp(ctx, { application, name: newName })) throw taken(newName)
    const configuration = input.deploymentConfigName ?? before.configuration
    configurationFor(ctx, configuration, platform)
    const settings = settingsOf(input, before.settings)
    checkGroup({ ...input, ...settings }, platform)
    const changed: Group = {
      ...before,
      name: newName,
      configuration,
      roleArn: input.serviceRoleArn ?? before.roleArn,
      settings,
    }
    await checkRole(ctx, changed)
    const table = ctx.table(groups)
    // What was done meanwhile (a deployment, a tag) stays.
    const now = groupKind.find(ctx, { application, name })
    table.delete(`${application}/${name}`)
    table.put(`${application}/${newName}`, {
      ...changed,
      attempted: now.attempted,
      succeeded: now.succeeded,
      tags: now.tags,
    })
    if (newName !== name)
      for (const deployment of ctx.table(deployments).where(deploymentsOf, `${application}/${name}`))
        ctx.table(deployments).put(deployment.id, { ...deployment, group: newName })
    return { hooksNotCleanedUp: [] }
  },
})

function describe(ctx: Context, group: Group) {
  const { application, attempted, succeeded, settings } = group
  const last = (id: string | undefined) => {
    const deployment = id === undefined ? undefined : ctx.table(deployments).get(id)
    return (
      deployment && {
        deploymentId: deployment.id,
        status: deployment.status,
        createTime: new Date(deployment.created),
        endTime: deployment.completed === undefined ? undefined : new Date(deployment.completed),
      }
    )
  }
  return {
    applicationName: application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    deploymentConfigName: group.configuration,
    serviceRoleArn: group.roleArn,
    ec2TagFilters: [],
    onPremisesInstanceTagFilters: [],
    autoScalingGroups: [],
    outdatedInstancesStrategy: 'UPDATE' as const,
    triggerConfigurations: [],
    ...settings,
    targetRevision: succeeded === undefined ? undefined : ctx.table(deployments).get(succeeded)?.revision,
    lastSuccessfulDeployment: last(succeeded),
    lastAttemptedDeployment: last(attempted),
    computePlatform: applicationKind.find(ctx, application).platform,
    terminationHookEnabled: false,
  }
}

export const GetDeploymentGroup = operation({
  service: 'codedeploy',
  name: 'GetDeploymentGroup',
  access: ({ applicationName: application, deploymentGroupName: name }, ctx) => [
    groupKind.on(ctx, 'GetDeploymentGroup', { application, name }),
  ],
  run: ({ applicationName: application, deploymentGroupName: name }, ctx) => {
    applicationKind.find(ctx, application)
    return { deploymentGroupInfo: describe(ctx, groupKind.find(ctx, { application, name })) }
  },
})

export const BatchGetDeploymentGroups = operation({
  service: 'codedeploy',
  name: 'BatchGetDeploymentGroups',
  access: ({ applicationName: application, deploymentGroupNames }, ctx) =>
    deploymentGroupNames.map((name) => groupKind.on(ctx, 'BatchGetDeploymentGroups', { application, name })),
  run: ({ applicationName: application, deploymentGroupNames }, ctx) => {
    applicationKind.find(ctx, application)
    return {
      deploymentGroupsInfo: deploymentGroupNames.map((name) =>
        describe(ctx, groupKind.find(ctx, { application, name })),
      ),
    }
  },
})

export const ListDeploymentGroups = operation({
  service: 'codedeploy',
  name: 'ListDeploymentGroups',
  access: ({ applicationName: application }, ctx) => [
    groupKind.on(ctx, 'ListDeploymentGroups', { application, name: '*' }),
  ],
  run: ({ applicationName: application, nextToken: token }, ctx) => {
    applicationKind.find(ctx, application)
    const all = ctx
      .table(groups)
      .where(groupsOf, application)
      .map(({ name }) => name)
    const page = paginate(all, { token, limit: PAGE, query: application, error: badToken })
    return { applicationName: application, deploymentGroups: page.items, nextToken: page.nextToken }
  },
})

/** AWS: one that is not there is no error. Errors: InvalidOperationException while a deployment of it is under way. */
export const DeleteDeploymentGroup = operation({
  service: 'codedeploy',
  name: 'DeleteDeploymentGroup',
  access: ({ applicationName: application, deploymentGroupName: name }, ctx) => [
    groupKind.on(ctx, 'DeleteDeploymentGroup', { application, name }),
  ],
  run: ({ applicationName: application, deploymentGroupName: name }, ctx) => {
    const active = ctx
      .table(deployments)
      .where(deploymentsOf, `${application}/${name}`)
      .find((one) => !isOver(one))
    if (active)
      throw new AwsError(
        'InvalidOperationException',
        `The deployment group ${name} has the active deployment ${active.id}`,
      )
    ctx.table(groups).delete(`${application}/${name}`)
    return { hooksNotCleanedUp: [] }
  },
})
