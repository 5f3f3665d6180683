/** CreateService: its first deployment begins, or its first task set where CodeDeploy has those to come. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkLoadBalancers } from '../engine/check-load-balancers.ts'
import { checkStrategy } from '../engine/check-strategy.ts'
import { type Controller, checkCreation } from '../engine/controllers.ts'
import { describeService } from '../engine/describe-service.ts'
import { byItself } from '../engine/identity.ts'
import { strategyOf, usableDefinition } from '../engine/launch.ts'
import { ensureLinkedRole } from '../engine/linked-role.ts'
import { passedByService } from '../engine/passed-roles.ts'
import { roll } from '../engine/rollout.ts'
import { begunDeployment, saveService, taskSettings } from '../engine/service-record.ts'
import { checkSettings, joinSettings } from '../engine/settings.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { makeTaskSet } from '../engine/task-set-record.ts'
import { clusterKind, invalid, serviceArn, serviceKind } from '../kinds.ts'
import { type Service, services } from '../state.ts'
import { ecsTags } from './tags.ts'

type Asked = Input<'ecs', 'CreateService'>

/** AWS: the same once more gives the service that is there; an INACTIVE one makes way for a new one. */
export const CreateService = operation({
  service: 'ecs',
  name: 'CreateService',
  access: ({ cluster, serviceName: named = '', tags, ...input }, ctx) => [
    ...asCreation('CreateService', serviceKind.onNew(ctx, 'CreateService', { cluster, named }, tags)),
    ...passedByService(input),
  ],
  run: async (input, ctx) => {
    await ensureLinkedRole(ctx)
    checkSettings(input)
    const controller = input.deploymentController?.type ?? 'ECS'
    checkCreation(controller, input)
    checkStrategy(joinSettings({}, input))
    const same = madeBefore(ctx, input)
    if (same) return { service: describeService(ctx, same, true) }
    if (input.loadBalancers?.length)
      await checkLoadBalancers(
        ctx,
        input.loadBalancers,
        usableDefinition(ctx, input.taskDefinition, input.networkConfiguration).definition,
      )
    const service = newService(ctx, controller, input)
    if (service.taskDefinition === undefined) saveService(ctx, service)
    else begin(ctx, service, service.taskDefinition)
    roll(byItself(ctx), service.arn)
    return { service: describeService(ctx, ctx.table(services).get(service.arn)!, true) }
  },
})

/** AWS: with the same client token the service that was made with it is given as it is. */
function madeBefore(ctx: Context, { cluster, serviceName = '', clientToken }: Asked): Service | undefined {
  const before = serviceKind.lookUp(ctx, { cluster, named: serviceName })
  const isSame = clientToken !== undefined && before?.clientToken === clientToken
  return isSame && before.status !== 'INACTIVE' ? before : undefined
}

function newService(ctx: Context, controller: Controller, input: Asked): Service {
  const { cluster, serviceName: name = '', tags } = input
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(name)) throw invalid('Invalid service name.')
  const desiredCount = input.desiredCount ?? (controller === 'EXTERNAL' ? 0 : undefined)
  if (desiredCount === undefined)
    throw invalid('Must provide desired count when creating a service with REPLICA scheduling strategy.')
  if (desiredCount < 0) throw invalid('Desired count cannot be negative.')
  const home = clusterKind.find(ctx, cluster).name
  const before = serviceKind.lookUp(ctx, { cluster, named: name })
  if (before && before.status !== 'INACTIVE') throw invalid('Creation of service was not idempotent.')
  const launch = controller === 'EXTERNAL' ? undefined : launchOf(ctx, input)
  return {
    name,
    arn: serviceArn(ctx, { cluster, named: name }),
    cluster: home,
    status: 'ACTIVE',
    controller,
    desiredCount,
    taskDefinition: launch?.taskDefinition,
    settings: joinSettings(
      { availabilityZoneRebalancing: 'ENABLED' },
      { ...input, capacityProviderStrategy: launch?.capacityProviderStrategy },
    ),
    deployments: [],
    events: [],
    created: ctx.cloud.clock.now(),
    createdBy: ctx.identity.principalArn,
    clientToken: input.clientToken,
    tags: serviceKind.newTags(ecsTags.read(tags)),
  }
}

/** Errors: of a definition or a launch type that cannot be used. */
const launchOf = (ctx: Context, input: Asked) => ({
  capacityProviderStrategy: strategyOf(ctx, input),
  taskDefinition: usableDefinition(ctx, input.taskDefinition, input.networkConfiguration).arn,
})

function begin(ctx: Context, service: Service, taskDefinition: string): void {
  if (service.controller === 'ECS') {
    saveService(ctx, begunDeployment(ctx, service, taskDefinition))
    return
  }
  saveService(ctx, service)
  const settings = taskSettings(service)
  makeTaskSet(ctx, service, { status: 'PRIMARY', taskDefinition, settings, scale: 100, tags: {} })
}
