/** Service deployments and service revisions, as ECS describes them. */
import type { Arn } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { clusterArn, definitionKind } from '../kinds.ts'
import { type ServiceDeployment, type ServiceRevision, type Shift, services } from '../state.ts'
import { date, launchOf, PLATFORM } from './describe.ts'
import { revisionCounts } from './service-deployments.ts'

type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : never
type Brief = One<Output<'ecs', 'ListServiceDeployments'>['serviceDeployments']>
type Described = One<Output<'ecs', 'DescribeServiceDeployments'>['serviceDeployments']>
type Revision = One<Output<'ecs', 'DescribeServiceRevisions'>['serviceRevisions']>

export const briefDeployment = (ctx: Context, one: ServiceDeployment): Brief => ({
  serviceDeploymentArn: one.arn,
  serviceArn: one.service,
  clusterArn: clusterArn(ctx, one.cluster),
  createdAt: new Date(one.created),
  startedAt: new Date(one.created),
  finishedAt: date(one.finished),
  targetServiceRevisionArn: one.target,
  status: one.status,
  statusReason: one.statusReason,
})

const monitor = (isOn: boolean, isTriggered: boolean, isOver: boolean) =>
  !isOn ? 'DISABLED' : isTriggered ? 'TRIGGERED' : isOver ? 'MONITORING_COMPLETE' : 'MONITORING'

export function describeServiceDeployment(ctx: Context, one: ServiceDeployment): Described {
  const { configuration = {}, rollback } = one
  const { targetServiceRevisionArn: _target, ...brief } = briefDeployment(ctx, one)
  const isOver = one.finished !== undefined
  const { deploymentCircuitBreaker: breaker, alarms } = configuration
  return {
    ...brief,
    stoppedAt: date(one.stopped),
    updatedAt: new Date(one.updated),
    sourceServiceRevisions: one.sources.map((arn) => summary(ctx, one, arn)),
    targetServiceRevision: summary(ctx, one, one.target),
    deploymentConfiguration: configuration,
    // The client's type does not know every stage.
    lifecycleStage: one.shift?.stage as Described['lifecycleStage'],
    lifecycleHookDetails: one.shift && describeHooks(one, one.shift),
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: new Date(rollback.started),
      serviceRevisionArn: rollback.revision,
    },
    deploymentCircuitBreaker: {
      status: monitor(breaker?.enable ?? false, one.tripped ?? false, isOver),
      failureCount: one.failures,
      threshold: one.threshold,
    },
    alarms: {
      status: monitor((alarms?.enable ?? false) && !one.ignoresAlarms, one.triggered.length > 0, isOver),
      alarmNames: alarms?.alarmNames ?? [],
      triggeredAlarmNames: one.ignoresAlarms ? [] : [...one.triggered],
    },
  }
}

/** The tasks of a revision: as they are while the deployment goes on, as they were when it ended. */
function summary(ctx: Context, one: ServiceDeployment, revision: Arn) {
  const service = ctx.table(services).get(one.service)
  const wanted = one.rollback?.revision ?? one.target
  const counts = one.counts ?? (service ? revisionCounts(ctx, service) : {})
  return {
    arn: revision,
    requestedTaskCount: revision === wanted ? (service?.desiredCount ?? 0) : 0,
    ...(one.shift && shares(one, one.shift, revision)),
    ...(counts[revision] ?? { runningTaskCount: 0, pendingTaskCount: 0 }),
  }
}

/** Percent of the traffic that a revision is to have. */
function shares({ target }: ServiceDeployment, { production, test }: Shift, revision: Arn) {
  const of = (share: number) => (revision === target ? share : 100 - share)
  return { requestedProductionTrafficWeight: of(production), requestedTestTrafficWeight: of(test) }
}

const describeHooks = ({ configuration }: ServiceDeployment, { hooks }: Shift) =>
  hooks.map(({ id, hook: at, status, expires }) => {
    const hook = configuration?.lifecycleHooks?.[at]
    return {
      hookId: id,
      targetType: hook?.targetType ?? ('AWS_LAMBDA' as const),
      targetArn: hook?.hookTargetArn,
      status,
      expiresAt: new Date(expires),
      timeoutAction: hook?.timeoutConfiguration?.action ?? ('ROLLBACK' as const),
    }
  })

export function describeRevision(ctx: Context, one: ServiceRevision): Revision {
  const { settings } = one
  const { definition } = definitionKind.find(ctx, one.taskDefinition)
  const digests = ctx
    .table(services)
    .get(one.service)
    ?.deployments.find(({ revision }) => revision === one.arn)?.digests
  return {
    serviceRevisionArn: one.arn,
    serviceArn: one.service,
    clusterArn: clusterArn(ctx, one.cluster),
    taskDefinition: one.taskDefinition,
    ...launchOf(settings),
    platformVersion: settings.platformVersion ?? PLATFORM,
    platformFamily: 'Linux',
    loadBalancers: settings.loadBalancers ?? [],
    resolvedConfiguration: {
      loadBalancers: one.groups.map((targetGroupArn, at) => ({
        targetGroupArn,
        productionListenerRule: settings.loadBalancers?.[at]?.advancedConfiguration?.productionListenerRule,
      })),
    },
    networkConfiguration: settings.networkConfiguration,
    containerImages: (definition.containerDefinitions ?? []).map(({ name, image = '' }) => ({
      containerName: name,
      image,
      imageDigest: digests?.[image],
    })),
    guardDutyEnabled: false,
    createdAt: new Date(one.created),
  }
}
