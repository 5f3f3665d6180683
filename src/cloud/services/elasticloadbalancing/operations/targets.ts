/** RegisterTargets, DeregisterTargets and DescribeTargetHealth. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { drainTarget, followTarget } from '../engine/follow-targets.ts'
import { onBehalfOf } from '../engine/identity.ts'
import { LIMITS } from '../engine/limits.ts'
import { invalid, unsupported } from '../engine/refuse.ts'
import { healthOf } from '../engine/target-health.ts'
import { describing, targetGroupKind } from '../kinds.ts'
import { type Target, type TargetGroup, targetKey, targets, targetsIn } from '../state.ts'

type Given = Input<'elasticloadbalancing', 'RegisterTargets'>['Targets'][number]

const invalidTarget = (message: string): AwsError => new AwsError('InvalidTargetException', message)

/** Registers addresses of the private network, or a function. Errors: InvalidTarget, TooManyTargets, ValidationError. */
export const RegisterTargets = operation({
  service: 'elasticloadbalancing',
  name: 'RegisterTargets',
  access: (input, ctx) => [targetGroupKind.on(ctx, 'RegisterTargets', input.TargetGroupArn)],
  run: async ({ TargetGroupArn: arn, Targets: given }, ctx) => {
    const group = targetGroupKind.find(ctx, arn)
    const made = given.map((one) => newTarget(ctx, group, one))
    if (group.type === 'lambda') await checkFunction(ctx, group, made)
    const table = ctx.table(targets)
    const present = table.where(targetsIn, arn).map(targetKey)
    const after = new Set([...present, ...made.map(targetKey)])
    const most = group.type === 'lambda' ? 1 : LIMITS['targets-per-target-group']
    if (after.size > most)
      throw new AwsError(
        'TooManyTargetsException',
        `The maximum number of targets that you can register with the target group '${arn}' is ${most}`,
      )
    for (const one of made) {
      const known = table.get(targetKey(one))
      if (known && known.deregistered === undefined) continue
      table.put(targetKey(one), one)
      followTarget(ctx, one)
    }
    return {}
  },
})

/** AWS: addresses of the VPC's subnets, and of these ranges (Register targets). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

function newTarget(ctx: Context, group: TargetGroup, given: Given): Target {
  const { Id: id, Port: port, AvailabilityZone: zone } = given
  const registered = ctx.cloud.clock.now()
  if (group.type === 'instance')
    throw unsupported(
      `instances as targets (${id})`,
      'It has no instances: make the target group with the target type ip, or lambda.',
    )
  if (group.type === 'lambda') {
    const { service, resource = '' } = parseArn(id) ?? {}
    if (service !== 'lambda' || !resource.startsWith('function:'))
      throw invalidTarget(`The target '${id}' is not a valid Lambda function ARN`)
    if (port !== undefined) throw invalid('A port cannot be specified for targets of the type lambda')
    return { group: group.arn, id, registered }
  }
  if (!IPV4.test(id)) throw invalid(`The IP address '${id}' is not a valid IPv4 address`)
  if (!PRIVATE.test(id))
    throw invalid(`The IP address '${id}' is not within the CIDR of VPC '${group.vpc}' nor a private address`)
  return { group: group.arn, id, port: port ?? group.port, zone, registered }
}

/** AWS: a function can be registered once the load balancers' service may invoke it for the group. */
async function checkFunction(ctx: Context, group: TargetGroup, made: readonly Target[]): Promise<void> {
  for (const { id } of made) {
    const call = ctx.call(
      'lambda',
      'Invoke',
      { FunctionName: id, InvocationType: 'DryRun' },
      { as: onBehalfOf(ctx, group) },
    )
    await call.catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new AwsError(
        'AccessDenied',
        `elasticloadbalancing principal does not have permission to invoke ${id} from target group ${group.arn}`,
      )
    })
  }
}

/** AWS: targets drain before they are gone; one that is not registered is no error. */
export const DeregisterTargets = operation({
  service: 'elasticloadbalancing',
  name: 'DeregisterTargets',
  access: (input, ctx) => [targetGroupKind.on(ctx, 'DeregisterTargets', input.TargetGroupArn)],
  run: ({ TargetGroupArn: arn, Targets: given }, ctx) => {
    const group = targetGroupKind.find(ctx, arn)
    for (const one of given) {
      const target = registered(ctx, group, one)
      if (target && target.deregistered === undefined) drainTarget(ctx, group, target)
    }
    return {}
  },
})

const keyFor = (group: TargetGroup, { Id: id, Port }: Given): string =>
  targetKey({ group: group.arn, id, port: group.type === 'lambda' ? undefined : (Port ?? group.port) })

const registered = (ctx: Context, group: TargetGroup, given: Given): Target | undefined =>
  ctx.table(targets).get(keyFor(group, given))

export const DescribeTargetHealth = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeTargetHealth',
  access: describing('DescribeTargetHealth'),
  run: ({ TargetGroupArn: arn, Targets: given }, ctx) => {
    const group = targetGroupKind.find(ctx, arn)
    const asked = given?.length
      ? given.map((one) => ({ one, target: registered(ctx, group, one) }))
      : ctx
          .table(targets)
          .where(targetsIn, arn)
          .map((target) => ({ one: undefined, target }))
    return {
      TargetHealthDescriptions: asked.map(({ one, target }) => {
        const { Id = target?.id, Port = target?.port ?? group.port } = one ?? {}
        const { port } = group.healthCheck
        return {
          Target: { Id, Port, AvailabilityZone: target?.zone },
          HealthCheckPort: port === 'traffic-port' ? String(Port ?? '') || undefined : port,
          TargetHealth: healthOf(ctx, group, target),
        }
      }),
    }
  },
})
