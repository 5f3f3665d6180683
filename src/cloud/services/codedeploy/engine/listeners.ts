/** Leading the traffic of listeners from one target group of a pair to the other. */
import type { Output } from '../../../kernel/api.ts'
import { DeploymentFailure } from './failure.ts'
import type { Run } from './run.ts'

type Rules = NonNullable<Output<'elasticloadbalancing', 'DescribeRules'>['Rules']>
type Action = NonNullable<Rules[number]['Actions']>[number]

interface Pair {
  readonly blueGroup: string
  readonly greenGroup: string
}

const ELB = {
  title: 'AmazonElasticLoadBalancing',
  code: 'ELASTIC_LOAD_BALANCING_INVALID',
  begins: 'The ELB could not be updated due to the following error: ',
} as const

/** The target groups that an action leads to. */
const groupsOf = ({ TargetGroupArn, ForwardConfig }: Action): string[] => [
  ...(TargetGroupArn ? [TargetGroupArn] : []),
  ...(ForwardConfig?.TargetGroups ?? []).flatMap((one) => (one.TargetGroupArn ? [one.TargetGroupArn] : [])),
]

/** Whether a listener leads to a target group, by itself or by one of its rules. Errors: DeploymentFailure. */
export async function leadsTo(run: Run, ListenerArn: string, group: string): Promise<boolean> {
  const rules = await rulesOf(run, ListenerArn)
  return rules.some(({ Actions = [] }) => Actions.some((one) => groupsOf(one).includes(group)))
}

/** AWS: the default actions of a listener, and those of its rules. */
async function rulesOf(run: Run, ListenerArn: string): Promise<Rules> {
  const { Listeners = [] } = await run.call(
    'elasticloadbalancing',
    'DescribeListeners',
    { ListenerArns: [ListenerArn] },
    ELB,
  )
  const { Rules = [] } = await run.call('elasticloadbalancing', 'DescribeRules', { ListenerArn }, ELB)
  return [
    { IsDefault: true, Actions: Listeners[0]?.DefaultActions },
    ...Rules.filter(({ IsDefault }) => !IsDefault),
  ]
}

/**
 * Leads a percentage of what a listener sends to either group of a pair to its second one. AWS: whatever of the listener
 * leads to the pair is changed, the rest of it stays. Errors: DeploymentFailure.
 */
export async function leadTraffic(run: Run, ListenerArn: string, pair: Pair, percent: number): Promise<void> {
  const isOfPair = (action: Action) =>
    groupsOf(action).some((group) => group === pair.blueGroup || group === pair.greenGroup)
  const concerned = (await rulesOf(run, ListenerArn)).filter(({ Actions = [] }) => Actions.some(isOfPair))
  if (!concerned.length)
    throw new DeploymentFailure(
      ELB.code,
      `${ELB.begins}The listener ${ListenerArn} leads to none of the target groups of the pair`,
    )
  for (const { IsDefault, RuleArn = '', Actions = [] } of concerned) {
    const actions = Actions.map((one) => (isOfPair(one) ? shared(one, pair, percent) : one)) as never[]
    if (IsDefault)
      await run.call('elasticloadbalancing', 'ModifyListener', { ListenerArn, DefaultActions: actions }, ELB)
    else await run.call('elasticloadbalancing', 'ModifyRule', { RuleArn, Actions: actions }, ELB)
  }
}

/** Gives the action with the traffic shared. */
function shared({ Type, Order, ForwardConfig }: Action, pair: Pair, percent: number): Action {
  const { blueGroup, greenGroup } = pair
  const sticky = ForwardConfig?.TargetGroupStickinessConfig
  const shares = [
    { TargetGroupArn: blueGroup, Weight: 100 - percent },
    { TargetGroupArn: greenGroup, Weight: percent },
  ]
  return {
    Type,
    Order,
    ForwardConfig: {
      TargetGroups: shares,
      ...(sticky?.Enabled && { TargetGroupStickinessConfig: sticky }),
    },
  }
}
