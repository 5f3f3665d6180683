/** What CloudWatch is told of load balancers and target groups: from real requests and real checks. */
import type { Context } from '../../../kernel/context.ts'
import {
  type Listener,
  listeners,
  rules,
  rulesUsing,
  type TargetGroup,
  targets,
  targetsIn,
} from '../state.ts'
import { asService } from './identity.ts'
import { metricName } from './ids.ts'
import { healthOf } from './target-health.ts'

interface Datum {
  readonly name: string
  readonly value: number
  readonly unit: 'Count' | 'Seconds'
}

/** AWS: metrics come for the load balancer alone, and for each group behind it (the zones are left out: there are none). */
function put(
  ctx: Context,
  { loadBalancer, group }: { readonly loadBalancer: string; readonly group?: string },
  data: readonly Datum[],
): void {
  const namespace = loadBalancer.includes(':loadbalancer/net/') ? 'AWS/NetworkELB' : 'AWS/ApplicationELB'
  const balancer = { Name: 'LoadBalancer', Value: metricName(loadBalancer) }
  const dimensions =
    group === undefined ? [balancer] : [{ Name: 'TargetGroup', Value: metricName(group) }, balancer]
  asService(ctx).spawn('elb metrics', async (own) => {
    await own.call('cloudwatch', 'PutServiceMetricData', { namespace, dimensions, data: [...data] })
  })
}

const count = (name: string): Datum => ({ name, value: 1, unit: 'Count' })

export interface Served {
  readonly listener: Listener
  /** Absent where no group was asked. */
  readonly group?: string
  /** What the target answered; absent where it did not. */
  readonly target?: { readonly status: number; readonly seconds: number }
  /** What the load balancer itself answered. */
  readonly own?: { readonly status: number; readonly as?: 'redirect' | 'fixed-response' }
}

const family = (status: number): string => `${Math.floor(status / 100)}XX`

/** Tells of one request. */
export function countRequest(ctx: Context, { listener, group, target, own }: Served): void {
  const data: Datum[] = []
  if (target) {
    data.push(count(`HTTPCode_Target_${family(target.status)}_Count`))
    data.push({ name: 'TargetResponseTime', value: target.seconds, unit: 'Seconds' })
  }
  const { loadBalancer } = listener
  const reached = target !== undefined ? [count('RequestCount')] : []
  if (group !== undefined && target) put(ctx, { loadBalancer, group }, [...reached, ...data])
  const answers: Datum[] = own ? [count(ownName(own))] : []
  // AWS: a request counts for the load balancer where a target was chosen for it; errors of its own are counted apart.
  const balancer = [...reached, ...data, ...answers]
  if (balancer.length) put(ctx, { loadBalancer }, balancer)
}

function ownName({ status, as }: NonNullable<Served['own']>): string {
  if (as === 'redirect') return 'HTTP_Redirect_Count'
  if (as === 'fixed-response') return 'HTTP_Fixed_Response_Count'
  return `HTTPCode_ELB_${family(status)}_Count`
}

/** Tells how many targets of a group are healthy and how many are not. AWS: only where some are registered. */
export function countHosts(ctx: Context, group: TargetGroup): void {
  const all = ctx.table(targets).where(targetsIn, group.arn)
  const states = all.map((target) => healthOf(ctx, group, target).State)
  if (!states.length) return
  const healthy = states.filter((state) => state === 'healthy').length
  const unhealthy = states.filter((state) => state === 'unhealthy').length
  const data: Datum[] = [
    { name: 'HealthyHostCount', value: healthy, unit: 'Count' },
    { name: 'UnHealthyHostCount', value: unhealthy, unit: 'Count' },
  ]
  const using = ctx.table(rules).where(rulesUsing, group.arn)
  const balancers = new Set(
    using.flatMap(({ listener }) => ctx.table(listeners).get(listener)?.loadBalancer ?? []),
  )
  for (const loadBalancer of balancers) put(ctx, { loadBalancer, group: group.arn }, data)
}
