/** The targets of tasks: registered before a task runs, taken off before it stops. */
import type { Arn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Service, services, type Task, type TaskSettings, type TaskTarget, tasks } from '../state.ts'
import { balancerRole, refusal } from './balancer-role.ts'
import { saveService, withEvent, withTaskSetEvent } from './service-record.ts'

/** Why a task could not be registered. */
export class RegistrationFailure extends Error {}

/** Gives what a task with these settings is registered with, in the target groups that were chosen. */
export const targetsFor = ({ loadBalancers = [] }: TaskSettings, groups?: readonly Arn[]): TaskTarget[] =>
  loadBalancers.map(({ targetGroupArn = '', containerPort = 0, advancedConfiguration }, at) => ({
    group: groups?.[at] ?? targetGroupArn,
    port: containerPort,
    role: advancedConfiguration?.roleArn,
    state: 'initial',
  }))

const asTarget = ({ attachment }: Task, { port }: TaskTarget) => [{ Id: attachment.ip, Port: port }]

/** Adds an event to the service of a task; what its last event said stays. */
function tell(ctx: Context, { service: arn }: Task, added: (service: Service) => Service): void {
  const service = arn === undefined ? undefined : ctx.table(services).get(arn)
  if (service) saveService(ctx, { ...added(service), told: service.told })
}

/** Errors: RegistrationFailure, which the service's events tell as well. */
export async function registerTargets(ctx: Context, task: Task): Promise<void> {
  for (const target of task.targets) {
    const call = async () => {
      const as = await balancerRole(ctx, target.role)
      const input = { TargetGroupArn: target.group, Targets: asTarget(task, target) }
      await ctx.call('elasticloadbalancing', 'RegisterTargets', input, { as })
    }
    await call().catch((error: unknown) => {
      const message = refusal(error)
      tell(ctx, task, (service) =>
        withEvent(
          ctx,
          service,
          `failed to register targets in (target-group ${target.group}) with (error ${message})`,
        ),
      )
      throw new RegistrationFailure(`Task failed to register targets in (target-group ${target.group})`)
    })
    tell(ctx, task, (service) =>
      withEvent(ctx, service, `registered 1 targets in (target-group ${target.group})`),
    )
  }
}

/** Takes a task off its targets. A group that is gone, or refuses it, is told of and stops nothing. */
export async function deregisterTargets(ctx: Context, task: Task): Promise<void> {
  if (task.targets.length)
    tell(ctx, task, (service) =>
      withTaskSetEvent(ctx, service, task.startedBy ?? '', 'has begun draining connections on 1 tasks.'),
    )
  for (const target of task.targets) {
    const call = async () => {
      const as = await balancerRole(ctx, target.role)
      const input = { TargetGroupArn: target.group, Targets: asTarget(task, target) }
      await ctx.call('elasticloadbalancing', 'DeregisterTargets', input, { as })
    }
    const words = await call().then(
      () => `deregistered 1 targets in (target-group ${target.group})`,
      (error: unknown) =>
        `failed to deregister targets in (target-group ${target.group}) with (error ${refusal(error)})`,
    )
    tell(ctx, task, (service) => withEvent(ctx, service, words))
  }
}

/** Gives what is known of a target now: `gone` where there is none, or no answer. */
async function stateOf(ctx: Context, task: Task, target: TaskTarget) {
  try {
    const as = await balancerRole(ctx, target.role)
    const input = { TargetGroupArn: target.group, Targets: asTarget(task, target) }
    const { TargetHealthDescriptions: all = [] } = await ctx.call(
      'elasticloadbalancing',
      'DescribeTargetHealth',
      input,
      { as },
    )
    return { state: all[0]?.TargetHealth?.State ?? 'unused', reason: all[0]?.TargetHealth?.Description }
  } catch (error) {
    return { state: 'unused', reason: refusal(error) }
  }
}

export async function isDraining(ctx: Context, task: Task): Promise<boolean> {
  const states = await Promise.all(task.targets.map((target) => stateOf(ctx, task, target)))
  return states.some(({ state }) => state === 'draining')
}

/** AWS: a target whose group has no health checks counts as healthy. */
const told = (state: string): TaskTarget['state'] =>
  state === 'healthy' || state === 'unavailable' ? 'healthy' : state === 'unhealthy' ? state : 'initial'

/** Asks how the targets of a task are, keeps it, and gives whether that is something new. */
export async function askHealth(ctx: Context, task: Task): Promise<boolean> {
  const targets = await Promise.all(
    task.targets.map(async (target) => {
      const { state, reason } = await stateOf(ctx, task, target)
      return { ...target, state: told(state), reason }
    }),
  )
  const now = ctx.table(tasks).get(task.arn)
  const states = (some: readonly TaskTarget[]) => some.map(({ state }) => state).join()
  if (now?.status !== 'RUNNING' || states(now.targets) === states(targets)) return false
  ctx.table(tasks).put(now.arn, { ...now, targets })
  return true
}
