/** What EventBridge is told of tasks, deployments and services. */
import type { Context } from '../../../kernel/context.ts'
import { clusterArn } from '../kinds.ts'
import type { Deployment, Service, Task } from '../state.ts'
import { describeTask } from './describe.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** AWS: "ECS Task State Change"; times are texts there. */
export function publishTask(ctx: Context, task: Task): void {
  const detail = JSON.parse(JSON.stringify(describeTask(ctx, task))) as Record<string, unknown>
  ctx.publish({
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [task.arn],
    detail: { ...detail, updatedAt: iso(ctx.cloud.clock.now()) },
  })
}

/** AWS: "ECS Deployment State Change" (page `ecs_service_deployment_events`). */
export function publishDeployment(
  ctx: Context,
  service: Service,
  { id, rolloutState, rolloutStateReason, updated }: Deployment,
): void {
  ctx.publish({
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${rolloutState}`,
      deploymentId: id,
      updatedAt: iso(updated),
      reason: rolloutStateReason,
    },
  })
}

/** AWS: "ECS Service Action". */
export function publishAction(
  ctx: Context,
  service: Service,
  eventType: 'INFO' | 'WARN',
  eventName: string,
  more: Record<string, unknown> = {},
): void {
  ctx.publish({
    source: 'aws.ecs',
    detailType: 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType,
      eventName,
      clusterArn: clusterArn(ctx, service.cluster),
      ...more,
      createdAt: iso(ctx.cloud.clock.now()),
    },
  })
}
