/** UpdateService: what begins a deployment, what does not, and what another controller alone may change. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkLoadBalancers } from '../engine/check-load-balancers.ts'
import { checkStrategy } from '../engine/check-strategy.ts'
import { checkUpdate } from '../engine/controllers.ts'
import { describeService } from '../engine/describe-service.ts'
import { byItself } from '../engine/identity.ts'
import { strategyOf, usableDefinition } from '../engine/launch.ts'
import { passedByService } from '../engine/passed-roles.ts'
import { roll } from '../engine/rollout.ts'
import { begunDeployment, primaryOf, saveService, withDeployment } from '../engine/service-record.ts'
import { activeService } from '../engine/services.ts'
import { checkSettings, joinSettings, takesNewTasks } from '../engine/settings.ts'
import { clusterKind, definitionKind, invalid, serviceKind } from '../kinds.ts'
import { type Service, type Settings, services } from '../state.ts'

type Asked = Input<'ecs', 'UpdateService'>

/** AWS: a new task definition begins a deployment, as does what changes the tasks, and whoever forces it. */
export const UpdateService = operation({
  service: 'ecs',
  name: 'UpdateService',
  access: ({ cluster, service: named = '', ...input }, ctx) => [
    serviceKind.on(ctx, 'UpdateService', { cluster, named }),
    ...passedByService(input),
  ],
  run: async (input, ctx) => {
    const { cluster, service: named = '', desiredCount } = input
    clusterKind.find(ctx, cluster)
    await checkBalancers(ctx, activeService(ctx, { cluster, named }), input)
    const before = activeService(ctx, { cluster, named })
    checkSettings({
      ...input,
      deploymentController: input.deploymentController ?? { type: before.controller },
    })
    if (input.deploymentController && input.deploymentController.type !== before.controller)
      throw invalid(
        `The embedded cloud does not move a service from the deployment controller ${before.controller} to another: make a new service.`,
      )
    if (desiredCount !== undefined && desiredCount < 0) throw invalid('Desired count cannot be negative.')
    checkUpdate(before, input, (name) => isSame(ctx, before, input, name))
    const strategy =
      input.capacityProviderStrategy &&
      strategyOf(ctx, { cluster, capacityProviderStrategy: input.capacityProviderStrategy })
    const settings = joinSettings(before.settings, { ...input, capacityProviderStrategy: strategy })
    checkStrategy(settings)
    saveService(ctx, updated(ctx, before, input, settings))
    roll(byItself(ctx), before.arn)
    return { service: describeService(ctx, ctx.table(services).get(before.arn)!) }
  },
})

/** Errors: those of load balancers that the service is to have, for its definition or the one that it gets. */
async function checkBalancers(ctx: Context, service: Service, input: Asked): Promise<void> {
  const all = input.loadBalancers ?? (input.taskDefinition ? service.settings.loadBalancers : undefined)
  if (service.controller !== 'ECS' || !all?.length) return
  const named = input.taskDefinition ?? service.taskDefinition ?? ''
  await checkLoadBalancers(ctx, all, definitionKind.lookUp(ctx, named)?.definition)
}

/** Whether a service has already what it is asked for. */
function isSame(
  ctx: Context,
  { taskDefinition, settings }: Service,
  input: Asked,
  name: keyof Asked,
): boolean {
  if (name === 'taskDefinition') return definitionKind.lookUp(ctx, input[name]!)?.arn === taskDefinition
  return JSON.stringify(input[name]) === JSON.stringify(settings[name as keyof Settings] ?? [])
}

function updated(ctx: Context, before: Service, input: Asked, settings: Settings): Service {
  const next: Service = {
    ...before,
    settings,
    desiredCount: input.desiredCount ?? before.desiredCount,
    told: undefined,
  }
  if (before.controller !== 'ECS') return next
  const named = input.taskDefinition ?? before.taskDefinition
  const { arn } = usableDefinition(ctx, named, settings.networkConfiguration)
  const isNew =
    arn !== before.taskDefinition || input.forceNewDeployment || takesNewTasks(before.settings, settings)
  return isNew
    ? begunDeployment(ctx, next, arn)
    : withDeployment(ctx, next, primaryOf(next).id, { notBefore: 0 })
}
