/** Changing a service: its deployments and its events. */
import type { Context } from '../../../kernel/context.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { arnOfService } from '../kinds.ts'
import { type Deployment, type Service, services, type TaskSettings } from '../state.ts'
import { publishDeployment } from './publish.ts'
import { beginServiceDeployment, servingDeployment, shiftsTraffic } from './service-deployments.ts'

/** AWS: the newest 100 events of a service are told. */
const EVENTS = 100

export function saveService(ctx: Context, service: Service): Service {
  ctx.table(services).put(service.arn, service)
  ctx.cloud.bus.emit(serviceChanged, { service: service.arn })
  return service
}

/** Gives the service with one event more. AWS: each begins with the service's name in brackets. */
export function withEvent(ctx: Context, service: Service, message: string, told?: Service['told']): Service {
  return { ...added(ctx, service, `(service ${service.name}) ${message}`), told }
}

/** As `withEvent`, about one of the service's task sets. */
export function withTaskSetEvent(ctx: Context, service: Service, id: string, message: string): Service {
  return added(ctx, service, `(service ${service.name}, taskSet ${id}) ${message}`)
}

function added(ctx: Context, service: Service, message: string): Service {
  const { ids, clock } = ctx.cloud
  const event = { id: ids.uuid(), at: clock.now(), message }
  return { ...service, events: [event, ...service.events].slice(0, EVENTS) }
}

/** `ecs-svc/` and 19 digits. */
export function deploymentId(ctx: Context): string {
  const digits = BigInt(`0x${ctx.cloud.ids.uuid().replaceAll('-', '')}`) % 10n ** 19n
  return `ecs-svc/${String(digits).padStart(19, '0')}`
}

/** What of a service's settings its tasks have. */
export function taskSettings({ settings }: Pick<Service, 'settings'>): TaskSettings {
  const { capacityProviderStrategy, platformVersion, networkConfiguration, loadBalancers } = settings
  return { capacityProviderStrategy, platformVersion, networkConfiguration, loadBalancers }
}

/**
 * AWS: a deployment that shifts traffic has the other target group of each pair; one that is rolling, the one that is
 * there already.
 */
function chosenGroups(ctx: Context, service: Service): string[] {
  const before = servingDeployment(ctx, service)?.groups
  const isRolling = !shiftsTraffic(service)
  return (service.settings.loadBalancers ?? []).map(({ targetGroupArn = '', advancedConfiguration }, at) => {
    const other = advancedConfiguration?.alternateTargetGroupArn
    const now = before?.[at]
    if (other === undefined || now === undefined) return targetGroupArn
    if (isRolling) return now === other ? other : targetGroupArn
    return now === targetGroupArn ? other : targetGroupArn
  })
}

/** AWS: a deployment and its revision have the same number. */
function newDeployment(ctx: Context, service: Service, taskDefinition: string): Deployment {
  const now = ctx.cloud.clock.now()
  const id = deploymentId(ctx)
  return {
    id,
    status: 'PRIMARY',
    taskDefinition,
    settings: taskSettings(service),
    revision: arnOfService(ctx, 'service-revision', service, id.slice('ecs-svc/'.length)),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    groups: chosenGroups(ctx, service),
    notBefore: now,
    digests: {},
    created: now,
    updated: now,
  }
}

/** Gives the service with a deployment changed. */
export function withDeployment(
  ctx: Context,
  service: Service,
  id: string,
  changes: Partial<Deployment>,
): Service {
  const updated = ctx.cloud.clock.now()
  return {
    ...service,
    deployments: service.deployments.map((one) => (one.id === id ? { ...one, ...changes, updated } : one)),
  }
}

/** As `withDeployment`, and EventBridge is told of the new state. */
export function withRollout(
  ctx: Context,
  service: Service,
  id: string,
  changes: Pick<Deployment, 'rolloutState' | 'rolloutStateReason'> & Partial<Deployment>,
): Service {
  const changed = withDeployment(ctx, service, id, changes)
  publishDeployment(ctx, changed, changed.deployments.find((one) => one.id === id)!)
  return changed
}

/** Begins a deployment: the one before it stays as long as it has tasks. */
export function begunDeployment(ctx: Context, service: Service, taskDefinition: string): Service {
  const deployment = newDeployment(ctx, service, taskDefinition)
  const before = service.deployments.map((one) => ({ ...one, status: 'ACTIVE' as const }))
  const begun: Service = { ...service, taskDefinition, told: undefined, deployments: [deployment, ...before] }
  publishDeployment(ctx, begun, deployment)
  return beginServiceDeployment(ctx, begun, deployment)
}

/** AWS: no more than one deployment is primary. */
export const primaryOf = ({ deployments }: Service): Deployment =>
  deployments.find(({ status }) => status === 'PRIMARY')!
