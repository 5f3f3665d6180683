/** Alarms that are watched while a service is deployed. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { type Service, type ServiceDeployment, services } from '../state.ts'
import { linkedRole } from './linked-role.ts'
import { ALARM, failed } from './rollout-end.ts'
import { ongoingOf, saveServiceDeployment } from './service-deployments.ts'
import { primaryOf, saveService } from './service-record.ts'

/** Milliseconds between two looks. AWS: ECS polls DescribeAlarms; how often, nobody says. */
const EVERY = 5_000

const watched = (ongoing: ServiceDeployment | undefined): readonly string[] => {
  const { alarms } = ongoing?.configuration ?? {}
  return alarms?.enable && !ongoing?.rollback && !ongoing?.ignoresAlarms ? (alarms.alarmNames ?? []) : []
}

/** Looks at the alarms of a deployment that is under way, now where it has just begun, and again as long as it is. */
export function watchAlarms(ctx: Context, arn: string, then: (service: string) => void): void {
  const service = ctx.table(services).get(arn)
  const ongoing = service && ongoingOf(ctx, service)
  if (!ongoing || !watched(ongoing).length || ongoing.looked) return
  saveServiceDeployment(ctx, { ...ongoing, looked: true })
  look(ctx, ongoing, then, true)
}

/** Goes on after a restart. */
export function watchAgain(ctx: Context, service: Service, then: (service: string) => void): void {
  const ongoing = ongoingOf(ctx, service)
  if (ongoing?.looked && watched(ongoing).length) look(ctx, ongoing, then, false)
}

function look(
  ctx: Context,
  ongoing: ServiceDeployment,
  then: (service: string) => void,
  isFirst: boolean,
): void {
  const { arn, service } = ongoing
  ctx.spawn(`ecs alarms ${service}`, async () => {
    const triggered = await sounding(ctx, watched(ongoing))
    const now = current(ctx, service, arn)
    if (!now) return
    if (triggered.length) return trigger(ctx, now, triggered, isFirst, then)
    const next = ctx.cloud.clock.now() + EVERY
    setTimer(ctx.cloud, `ecs alarms ${service}`, next, () => {
      const later = current(ctx, service, arn)
      if (later) look(ctx, later.ongoing, then, false)
    })
  })
}

interface Current {
  readonly service: Service
  readonly ongoing: ServiceDeployment
}

function current(ctx: Context, arn: string, deployment: string): Current | undefined {
  const service = ctx.table(services).get(arn)
  if (!service) return undefined
  const ongoing = ongoingOf(ctx, service)
  return ongoing?.arn === deployment && watched(ongoing).length ? { service, ongoing } : undefined
}

/** Alarms of these that are in the state ALARM. An answer that is an error counts as none. */
async function sounding(ctx: Context, names: readonly string[]): Promise<readonly string[]> {
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await ctx.call(
      'cloudwatch',
      'DescribeAlarms',
      { AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], StateValue: 'ALARM' },
      { as: await linkedRole(ctx) },
    )
    return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? [])
  } catch (error) {
    if (error instanceof AwsError) return []
    throw error
  }
}

/** AWS: alarms are ignored where one sounds when the deployment begins; it may be what is to mend it. */
function trigger(
  ctx: Context,
  { service, ongoing }: Current,
  triggered: readonly string[],
  isFirst: boolean,
  then: (service: string) => void,
): void {
  saveServiceDeployment(ctx, { ...ongoing, triggered, ignoresAlarms: isFirst })
  if (!isFirst) {
    const rollback = ongoing.configuration?.alarms?.rollback ?? false
    saveService(ctx, failed(ctx, service, primaryOf(service), { ...ALARM, rollback }))
  }
  then(service.arn)
}
