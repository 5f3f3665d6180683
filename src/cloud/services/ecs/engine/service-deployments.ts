/** Service deployments: the history of what a service was deployed with. */
import type { Arn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { arnOfService } from '../kinds.ts'
import {
  type Deployment,
  type Service,
  type ServiceDeployment,
  type Shift,
  serviceDeployments,
  serviceDeploymentsOf,
  serviceRevisions,
  serviceRevisionsOf,
  tasks,
  tasksOf,
} from '../state.ts'
import { countsOf } from './describe.ts'
import { breakerOf } from './rollout-rules.ts'

export function saveServiceDeployment(ctx: Context, changed: ServiceDeployment): ServiceDeployment {
  const saved = { ...changed, updated: ctx.cloud.clock.now() }
  ctx.table(serviceDeployments).put(saved.arn, saved)
  ctx.cloud.bus.emit(serviceChanged, { service: saved.service })
  return saved
}

export const ongoingOf = (ctx: Context, { ongoing }: Service): ServiceDeployment | undefined =>
  ongoing === undefined ? undefined : ctx.table(serviceDeployments).get(ongoing)

/** Whether a service is deployed otherwise than rolling. */
export const shiftsTraffic = ({ settings }: Pick<Service, 'settings'>): boolean =>
  (settings.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING'

const completedOf = ({ deployments }: Service): Deployment | undefined =>
  deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED')

/** Gives the deployment that serves: the completed one, or the one that the service goes back to. */
export function servingDeployment(ctx: Context, service: Service): Deployment | undefined {
  const back = ongoingOf(ctx, service)?.rollback?.revision
  return completedOf(service) ?? service.deployments.find(({ revision }) => revision === back)
}

/** AWS: a rolling deployment goes back to a completed one alone, not to one that is gone back to already. */
const sourceOf = (ctx: Context, service: Service): Deployment | undefined =>
  shiftsTraffic(service) ? servingDeployment(ctx, service) : completedOf(service)

/** AWS: a stage to put things straight comes first where more than one revision is active. */
function firstShift(ctx: Context, service: Service): Shift | undefined {
  if (!shiftsTraffic(service)) return undefined
  const stage = service.deployments.length > 2 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP'
  return { stage, since: ctx.cloud.clock.now(), production: 0, test: 0, isUp: false, hooks: [] }
}

/** Keeps the history of a deployment that begins, and its revision; gives the service with it. */
export function beginServiceDeployment(ctx: Context, service: Service, deployment: Deployment): Service {
  const before = ongoingOf(ctx, service)
  const source = sourceOf(ctx, service)?.id
  if (before)
    endServiceDeployment(ctx, service, before, {
      status: 'STOPPED',
      statusReason: 'A new service deployment was started.',
    })
  const now = ctx.cloud.clock.now()
  const { taskDefinition, settings, groups, revision } = deployment
  const of = { service: service.arn, cluster: service.cluster, created: now }
  ctx.table(serviceRevisions).put(revision, { ...of, arn: revision, taskDefinition, settings, groups })
  const id = ctx.cloud.ids.mixed(21)
  const begun = saveServiceDeployment(ctx, {
    ...of,
    arn: arnOfService(ctx, 'service-deployment', service, id),
    deployment: deployment.id,
    sources: service.deployments.filter((one) => one.id !== deployment.id).map((one) => one.revision),
    source,
    shift: firstShift(ctx, service),
    target: revision,
    status: 'IN_PROGRESS',
    configuration: service.settings.deploymentConfiguration,
    failures: 0,
    threshold: breakerOf(service).threshold,
    triggered: [],
    ignoresAlarms: false,
    updated: now,
  })
  return { ...service, ongoing: begun.arn }
}

type Counts = NonNullable<ServiceDeployment['counts']>

/** The tasks of each revision as they are now. */
export function revisionCounts(ctx: Context, service: Service): Counts {
  const all = ctx.table(tasks).where(tasksOf, service.arn)
  return Object.fromEntries(
    service.deployments.map(({ id, revision }) => {
      const { runningCount, pendingCount } = countsOf(all.filter(({ startedBy }) => startedBy === id))
      return [revision, { runningTaskCount: runningCount, pendingTaskCount: pendingCount }]
    }),
  )
}

/** Keeps how one ended. */
export function endServiceDeployment(
  ctx: Context,
  service: Service,
  ended: ServiceDeployment,
  how: Pick<ServiceDeployment, 'status' | 'statusReason'>,
): void {
  const now = ctx.cloud.clock.now()
  const time = how.status === 'STOPPED' ? { stopped: now, finished: now } : { finished: now }
  saveServiceDeployment(ctx, { ...ended, ...how, ...time, counts: revisionCounts(ctx, service) })
}

/** AWS: they go with their service. */
export function forgetServiceDeployments(ctx: Context, service: Arn): void {
  const [history, revisions] = [ctx.table(serviceDeployments), ctx.table(serviceRevisions)]
  for (const { arn } of history.where(serviceDeploymentsOf, service)) history.delete(arn)
  for (const { arn } of revisions.where(serviceRevisionsOf, service)) revisions.delete(arn)
}
