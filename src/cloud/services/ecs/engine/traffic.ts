/** Traffic of listeners, shared out between the two target groups of a service. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, TaskSettings } from '../state.ts'
import { balancerRole } from './balancer-role.ts'

type LoadBalancer = NonNullable<TaskSettings['loadBalancers']>[number]
type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : never
type Action = One<Input<'elasticloadbalancing', 'ModifyRule'>['Actions']>

/** Why traffic cannot be shifted, in words that follow `because`. */
export class ShiftFailure extends Error {}

const invalidNetwork = (words: string): ShiftFailure =>
  new ShiftFailure(`of invalid networking configuration${words}`)

/** A rule, or a listener of a Network Load Balancer, with its actions. */
interface Route {
  readonly actions: readonly Action[]
  change(actions: readonly Action[]): Promise<unknown>
}

/** Gives what a rule or listener does, and how that is changed. Errors: those of Elastic Load Balancing. */
async function routeOf(ctx: Context, balancer: LoadBalancer, arn: Arn): Promise<Route> {
  const as = await balancerRole(ctx, balancer.advancedConfiguration?.roleArn, 'ECSNetworkingWithELB')
  const listener = async (ListenerArn: Arn, actions: readonly Action[] = []): Promise<Route> => ({
    actions,
    change: (DefaultActions) =>
      ctx.call(
        'elasticloadbalancing',
        'ModifyListener',
        { ListenerArn, DefaultActions: [...DefaultActions] },
        { as },
      ),
  })
  if (!arn.includes(':listener-rule/')) {
    const input = { ListenerArns: [arn] }
    const { Listeners = [] } = await ctx.call('elasticloadbalancing', 'DescribeListeners', input, { as })
    return listener(arn, Listeners[0]?.DefaultActions as Action[])
  }
  const { Rules = [] } = await ctx.call('elasticloadbalancing', 'DescribeRules', { RuleArns: [arn] }, { as })
  const actions = (Rules[0]?.Actions ?? []) as Action[]
  // The default rule is changed with its listener.
  if (Rules[0]?.IsDefault)
    return listener(
      arn.replace(':listener-rule/', ':listener/').slice(0, arn.lastIndexOf('/') - '-rule'.length),
      actions,
    )
  return {
    actions,
    change: (Actions) =>
      ctx.call('elasticloadbalancing', 'ModifyRule', { RuleArn: arn, Actions: [...Actions] }, { as }),
  }
}

interface Weighted {
  readonly group: Arn
  readonly weight: number
}

/** The target groups that actions forward to. */
function forwarded(actions: readonly Action[]): Weighted[] {
  const { ForwardConfig: config, TargetGroupArn: single } =
    actions.find(({ Type }) => Type === 'forward') ?? {}
  const groups = config?.TargetGroups ?? (single ? [{ TargetGroupArn: single, Weight: 1 }] : [])
  return groups.map(({ TargetGroupArn: group = '', Weight: weight = 1 }) => ({ group, weight }))
}

/** AWS: weights are whole numbers up to 999; a tenth of a percent is the least that is asked for. */
const weightsOf = (percent: number): readonly [old: number, young: number] =>
  Number.isInteger(percent)
    ? [100 - percent, percent]
    : [Math.round(1_000 - percent * 10), Math.round(percent * 10)]

/** The actions that give the groups their share; what else they say, stickiness and sign-in, stays. */
function shared(actions: readonly Action[], groups: readonly [Arn, Arn], percent: number): Action[] {
  const weights = weightsOf(percent)
  return actions.map((action) =>
    action.Type === 'forward'
      ? {
          ...action,
          TargetGroupArn: undefined,
          ForwardConfig: {
            ...action.ForwardConfig,
            TargetGroups: groups.map((TargetGroupArn, at) => ({ TargetGroupArn, Weight: weights[at] })),
          },
        }
      : action,
  )
}

/** Gives the pair of a load balancer: the group of the other revision, then that of the new one. */
function pairOf(balancer: LoadBalancer, young: Arn): readonly [Arn, Arn] {
  const { targetGroupArn = '', advancedConfiguration } = balancer
  const { alternateTargetGroupArn = '' } = advancedConfiguration ?? {}
  return young === targetGroupArn ? [alternateTargetGroupArn, young] : [targetGroupArn, young]
}

const ruleOf = ({ advancedConfiguration: more }: LoadBalancer, kind: 'production' | 'test') =>
  kind === 'production' ? more?.productionListenerRule : more?.testListenerRule

/** Gives the revision of a deployment a share of the traffic. Errors: ShiftFailure, RoleRefused and those of services. */
export async function shiftTraffic(
  ctx: Context,
  { settings, groups }: Pick<Deployment, 'settings' | 'groups'>,
  kind: 'production' | 'test',
  percent: number,
): Promise<void> {
  for (const [at, balancer] of (settings.loadBalancers ?? []).entries()) {
    const rule = ruleOf(balancer, kind)
    if (rule === undefined) continue
    const route = await routeOf(ctx, balancer, rule)
    await route.change(shared(route.actions, pairOf(balancer, groups[at] ?? ''), percent))
  }
}

/** Errors: ShiftFailure in AWS's words where rules do not lead to the two groups ("Troubleshooting blue/green"). */
export async function checkRoutes(ctx: Context, { settings }: Pick<Deployment, 'settings'>): Promise<void> {
  for (const balancer of settings.loadBalancers ?? []) {
    const { targetGroupArn = '', advancedConfiguration: more = {} } = balancer
    const pair = [targetGroupArn, more.alternateTargetGroupArn ?? '']
    const production = await leading(ctx, balancer, 'production')
    const serving = production.filter(({ weight }) => weight > 0)
    if (serving.length > 1)
      throw invalidNetwork(
        `. productionListenerRule ${more.productionListenerRule} should have exactly one target group serving traffic but found ${serving.length} target groups which are serving traffic`,
      )
    const other = production.find(({ group }) => !pair.includes(group))
    if (other)
      throw invalidNetwork(
        `. Production listener rule is forwarding traffic to unexpected target group ${other.group}. Expected traffic to be forwarded to either targetGroupArn: ${pair[0]} or alternateTargetGroupArn: ${pair[1]}`,
      )
    const known = [...production, ...(await leading(ctx, balancer, 'test'))].map(({ group }) => group)
    const lost = pair.find((group) => !known.includes(group))
    if (lost)
      throw invalidNetwork(
        `: Target group ${lost} is not associated with either productionListenerRule or testListenerRule.`,
      )
  }
}

async function leading(
  ctx: Context,
  balancer: LoadBalancer,
  kind: 'production' | 'test',
): Promise<Weighted[]> {
  const rule = ruleOf(balancer, kind)
  if (rule === undefined) return []
  const { actions } = await routeOf(ctx, balancer, rule).catch((error: unknown) => {
    if (error instanceof AwsError) throw invalidNetwork(`. ${error.message}`)
    throw error
  })
  return forwarded(actions)
}
