/** How deployments end: completed, or failed, with or without a way back. */
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, Service, ServiceDeployment, Shift } from '../state.ts'
import { publishAction } from './publish.ts'
import { endServiceDeployment, ongoingOf, saveServiceDeployment } from './service-deployments.ts'
import { primaryOf, withEvent, withRollout } from './service-record.ts'

const MINUTE = 60_000

/** Minutes that alarms are watched where nobody says how long. AWS computes it from the alarms: less than five. */
const BAKING = 1

/** Whether alarms have been watched long enough after the last old task went; `again` where that is still to come. */
export function baked(ctx: Context, service: Service, again: (at: number) => void): boolean {
  const ongoing = ongoingOf(ctx, service)
  if (!ongoing || ongoing.rollback) return true
  const { bakeTimeInMinutes, alarms } = ongoing.configuration ?? {}
  const minutes = bakeTimeInMinutes ?? (alarms?.enable && !ongoing.ignoresAlarms ? BAKING : 0)
  if (minutes === 0) return true
  const now = ctx.cloud.clock.now()
  const since = ongoing.bakingSince ?? now
  if (ongoing.bakingSince === undefined) saveServiceDeployment(ctx, { ...ongoing, bakingSince: now })
  if (since + minutes * MINUTE <= now) return true
  again(since + minutes * MINUTE)
  return false
}

/** Gives the service in its steady state, and its deployment completed where it was not. */
export function completed(ctx: Context, service: Service): Service {
  if (primaryOf(service).rolloutState !== 'IN_PROGRESS' && service.told === 'steady') return service
  const next = deployed(ctx, service)
  publishAction(ctx, next, 'INFO', 'SERVICE_STEADY_STATE')
  return withEvent(ctx, next, 'has reached a steady state.', 'steady')
}

/** Gives the service with its deployment completed; what is left of others goes on being stopped. */
export function deployed(ctx: Context, service: Service): Service {
  const { id, rolloutState } = primaryOf(service)
  let next = service
  if (rolloutState === 'IN_PROGRESS') {
    next = withEvent(ctx, next, `(deployment ${id}) deployment completed.`)
    next = withRollout(ctx, next, id, {
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${id} completed.`,
    })
  }
  const ongoing = ongoingOf(ctx, next)
  if (ongoing)
    endServiceDeployment(ctx, next, ongoing, {
      status: ongoing.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
      statusReason: ongoing.rollback ? ongoing.statusReason : undefined,
    })
  return { ...next, ongoing: undefined, deployments: next.deployments.filter((one) => one.id === id) }
}

/** Why a deployment fails, in the words of the places that tell it. */
export interface Failing {
  /** After `deployment failed: `. */
  readonly event: string
  /** Of the deployment. */
  readonly reason: string
  /** Before `rolling back to deploymentId …`. */
  readonly by: string
  /** Of the service deployment. */
  readonly statusReason: string
  readonly rollback: boolean
}

/** AWS: `Service deployment rolled back because …` is the reason of the service deployment. */
export const BREAKER: Omit<Failing, 'rollback'> = {
  event: 'tasks failed to start.',
  reason: 'ECS deployment circuit breaker: task failed to start.',
  by: 'ECS deployment circuit breaker',
  statusReason: 'the circuit breaker threshold was exceeded.',
}

export const ALARM: Omit<Failing, 'rollback'> = {
  event: 'alarm detected.',
  reason: 'ECS deployment alarms: alarm detected.',
  by: 'ECS deployment alarms',
  statusReason: 'an alarm was triggered.',
}

export const REQUESTED: Failing = {
  event: 'a rollback was requested.',
  reason: 'ECS deployment stopped: a rollback was requested.',
  by: 'ECS deployment stopped',
  statusReason: 'a rollback was requested.',
  rollback: true,
}

/**
 * AWS: the newest completed deployment is begun once more and becomes the primary one; where there is none the service
 * stalls ("How the Amazon ECS deployment circuit breaker detects failures").
 */
export function failed(ctx: Context, service: Service, { id }: Deployment, why: Failing): Service {
  const source = ongoingOf(ctx, service)?.source
  const target = why.rollback ? service.deployments.find((one) => one.id === source) : undefined
  let next = withEvent(ctx, service, `(deployment ${id}) deployment failed: ${why.event}`)
  next = withRollout(ctx, next, id, {
    rolloutState: 'FAILED',
    rolloutStateReason: why.reason,
    status: target ? 'ACTIVE' : 'PRIMARY',
  })
  next = { ...next, ongoing: told(ctx, next, why, target) }
  return target ? rolledBack(ctx, next, target, why) : next
}

/** Keeps the failure in the service deployment, and gives it where it goes on, to roll back. */
function told(
  ctx: Context,
  service: Service,
  why: Failing,
  target: Deployment | undefined,
): Service['ongoing'] {
  const ongoing = ongoingOf(ctx, service)
  if (!ongoing) return undefined
  if (target) {
    const statusReason = `Service deployment rolled back because ${why.statusReason}`
    const rollback = {
      reason: statusReason,
      started: ctx.cloud.clock.now(),
      revision: target.revision,
      failures: ongoing.failures,
    }
    const shift = ongoing.shift && backwards(ctx, ongoing.shift)
    const status = 'ROLLBACK_IN_PROGRESS'
    saveServiceDeployment(ctx, { ...ongoing, status, statusReason, rollback, shift })
    return ongoing.arn
  }
  const how: Pick<ServiceDeployment, 'status' | 'statusReason'> =
    why.rollback || ongoing.rollback
      ? { status: 'ROLLBACK_FAILED', statusReason: 'No rollback candidate was found to run the rollback.' }
      : { status: 'STOPPED', statusReason: `Service deployment stopped because ${why.statusReason}` }
  endServiceDeployment(ctx, service, ongoing, how)
  return undefined
}

/** AWS: traffic goes back by the stages that shift it ("Lifecycle hooks during rollback"). */
function backwards(ctx: Context, shift: Shift): Shift {
  const stage =
    shift.production > 0 ? 'PRODUCTION_TRAFFIC_SHIFT' : shift.test > 0 ? 'TEST_TRAFFIC_SHIFT' : 'CLEAN_UP'
  return { ...shift, stage, since: ctx.cloud.clock.now() }
}

function rolledBack(ctx: Context, service: Service, target: Deployment, { by }: Failing): Service {
  let next = withEvent(ctx, service, `rolling back to deployment ${target.id}.`)
  next = withRollout(ctx, next, target.id, {
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `${by}: rolling back to deploymentId ${target.id}.`,
    status: 'PRIMARY',
  })
  const [primary, others] = [primaryOf(next), next.deployments.filter(({ status }) => status !== 'PRIMARY')]
  return {
    ...next,
    taskDefinition: target.taskDefinition,
    settings: { ...next.settings, ...target.settings },
    deployments: [primary, ...others],
  }
}
