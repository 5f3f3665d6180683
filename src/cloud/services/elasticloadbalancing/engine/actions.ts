/** The actions of rules: which may be given, and in which form they are kept. */
import type { Arn } from '../../../../model/index.ts'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { targetGroupKind } from '../kinds.ts'
import { type Action, groupsIn, type Listener, type LoadBalancer } from '../state.ts'
import { badConfiguration, invalid, unsupported } from './refuse.ts'
import { loadBalancersUsing } from './views.ts'

type On = Pick<Listener, 'protocol' | 'loadBalancer'> & Pick<LoadBalancer, 'type'>

/** AWS: an action forwards to five groups at most. */
const MOST_GROUPS = 5

/**
 * Gives actions as they are kept. Errors: TargetGroupNotFound, TargetGroupAssociationLimit, IncompatibleProtocols,
 * InvalidLoadBalancerAction, InvalidConfigurationRequest, ValidationError; UnsupportedParameter for those that the embedded
 * cloud does not carry out.
 */
export function checkActions(ctx: Context, given: readonly Action[], on: On): Action[] {
  const actions = given
    .map((action, at) => ({ ...action, Order: action.Order ?? (given.length > 1 ? at + 1 : undefined) }))
    .sort((one, other) => (one.Order ?? 0) - (other.Order ?? 0))
  const unknown = actions.find(({ Type }) => Type !== undefined && !ROUTING.includes(Type))
  if (unknown)
    throw unsupported(
      `the action ${unknown.Type}`,
      'Have the service behind the load balancer authenticate, or leave the action out in this environment.',
    )
  if (actions.length !== 1)
    throw invalidAction('A rule must have exactly one forward, redirect or fixed-response action')
  const kept = actions.map((action) => (action.Type === 'forward' ? forward(action) : withoutForward(action)))
  for (const group of groupsIn(kept)) checkGroup(ctx, group, on)
  if (on.type === 'network' && kept.some(({ Type }) => Type !== 'forward'))
    throw badConfiguration('Only forward actions are supported by listeners of Network Load Balancers')
  return kept
}

const ROUTING = ['forward', 'redirect', 'fixed-response']

const invalidAction = (message: string): AwsError =>
  new AwsError('InvalidLoadBalancerActionException', message)

function forward(action: Action): Action {
  const { TargetGroupArn: single, ForwardConfig: config, Order, Type } = action
  const groups = config?.TargetGroups ?? (single === undefined ? [] : [{ TargetGroupArn: single }])
  if (!groups.length) throw invalidAction('A target group ARN must be specified for a forward action')
  if (single !== undefined && config?.TargetGroups && !onlyNames(config.TargetGroups, single))
    throw invalidAction('The target group in TargetGroupArn must be the one in ForwardConfig')
  if (groups.length > MOST_GROUPS)
    throw new AwsError(
      'TooManyTargetGroupsException',
      `A forward action takes at most ${MOST_GROUPS} target groups`,
    )
  const names = groups.map(({ TargetGroupArn }) => TargetGroupArn)
  if (new Set(names).size < names.length) throw invalid('Target groups must be unique in an action')
  const weighted = groups.map(({ TargetGroupArn, Weight = 1 }) => ({ TargetGroupArn, Weight }))
  const wrong = weighted.find(({ Weight }) => Weight < 0 || Weight > 999)
  if (wrong) throw invalid(`Weight '${wrong.Weight}' must be between 0 and 999 inclusive`)
  return {
    Type,
    Order,
    ForwardConfig: {
      TargetGroups: weighted,
      TargetGroupStickinessConfig: stickiness(config?.TargetGroupStickinessConfig),
    },
  }
}

const onlyNames = (groups: readonly { readonly TargetGroupArn?: string }[], arn: Arn): boolean =>
  groups.length === 1 && groups[0]!.TargetGroupArn === arn

type Stickiness = NonNullable<Action['ForwardConfig']>['TargetGroupStickinessConfig']

/** AWS: from one second to seven days. */
function stickiness(given: Stickiness): Stickiness {
  if (!given?.Enabled) return { Enabled: false }
  const { DurationSeconds: seconds } = given
  if (seconds === undefined || seconds < 1 || seconds > 604_800)
    throw invalid('Target group stickiness duration must be between 1 and 604800 seconds')
  return { Enabled: true, DurationSeconds: seconds }
}

function withoutForward(action: Action): Action {
  const { Type, Order, RedirectConfig: redirect, FixedResponseConfig: fixed } = action
  if (Type === 'fixed-response') {
    if (!fixed) throw invalidAction('A FixedResponseConfig must be specified for a fixed-response action')
    return { Type, Order, FixedResponseConfig: fixed }
  }
  if (!redirect) throw invalidAction('A RedirectConfig must be specified for a redirect action')
  const {
    Protocol = '#{protocol}',
    Port = '#{port}',
    Host = '#{host}',
    Path = '/#{path}',
    Query = '#{query}',
    StatusCode,
  } = redirect
  if ([Protocol, Port, Host, Path].join() === '#{protocol},#{port},#{host},/#{path}')
    throw invalidAction('The redirect must change the protocol, the port, the host or the path')
  if (!Path.startsWith('/'))
    throw invalidAction("The Path parameter must be a valid path, should start with a '/'")
  return { Type, Order, RedirectConfig: { Protocol, Port, Host, Path, Query, StatusCode } }
}

const HTTP = ['HTTP', 'HTTPS']

/** AWS: a target group has one load balancer, and a protocol of the same family as the listener's. */
function checkGroup(ctx: Context, arn: Arn, { protocol, loadBalancer, type }: On): void {
  const group = targetGroupKind.find(ctx, arn)
  const fits =
    type === 'application'
      ? group.type === 'lambda' || HTTP.includes(group.protocol ?? '')
      : !HTTP.includes(group.protocol ?? 'HTTP')
  if (!fits)
    throw new AwsError(
      'IncompatibleProtocolsException',
      `The target group '${arn}' with protocol ${group.protocol} is not compatible with a listener of protocol ${protocol}`,
    )
  const others = loadBalancersUsing(ctx, arn).filter((one) => one !== loadBalancer)
  if (others.length)
    throw new AwsError(
      'TargetGroupAssociationLimitException',
      `The following target groups cannot be associated with more than one load balancer: ${arn}`,
    )
}
