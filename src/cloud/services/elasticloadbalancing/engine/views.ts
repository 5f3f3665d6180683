/** How load balancers, target groups, listeners and rules are told. */
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import {
  type Action,
  type Listener,
  type LoadBalancer,
  listeners,
  type Rule,
  rules,
  rulesOf,
  rulesUsing,
  type TargetGroup,
} from '../state.ts'
import { hostedZone } from './ids.ts'

type List<
  O extends 'DescribeLoadBalancers' | 'DescribeTargetGroups' | 'DescribeListeners' | 'DescribeRules',
> = Output<'elasticloadbalancing', O>

type LoadBalancerView = NonNullable<List<'DescribeLoadBalancers'>['LoadBalancers']>[number]
type TargetGroupView = NonNullable<List<'DescribeTargetGroups'>['TargetGroups']>[number]
type ListenerView = NonNullable<List<'DescribeListeners'>['Listeners']>[number]
type RuleView = NonNullable<List<'DescribeRules'>['Rules']>[number]

/**
 * Of subnets the embedded cloud knows the ids alone, so it tells neither zones nor a VPC. AWS: the answer to a creation
 * says that the load balancer is being provisioned.
 */
export function loadBalancerView(
  { region }: Context,
  balancer: LoadBalancer,
  state: 'active' | 'provisioning' = 'active',
): LoadBalancerView {
  const { arn, name, type, scheme, dnsName, subnets, securityGroups, ipAddressType, created } = balancer
  return {
    LoadBalancerArn: arn,
    DNSName: dnsName,
    CanonicalHostedZoneId: hostedZone(region, type),
    CreatedTime: new Date(created),
    LoadBalancerName: name,
    Scheme: scheme,
    State: { Code: state },
    Type: type,
    AvailabilityZones: subnets.map(({ SubnetId }) => ({ SubnetId, LoadBalancerAddresses: [] })),
    SecurityGroups: [...securityGroups],
    IpAddressType: ipAddressType as LoadBalancerView['IpAddressType'],
  }
}

export function targetGroupView(ctx: Context, group: TargetGroup): TargetGroupView {
  const { arn, name, type, protocol, protocolVersion, port, vpc, ipAddressType, healthCheck } = group
  const { matcher } = healthCheck
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: protocol,
    Port: port,
    VpcId: vpc,
    HealthCheckProtocol: healthCheck.protocol as TargetGroupView['HealthCheckProtocol'],
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: healthCheck.enabled,
    HealthCheckIntervalSeconds: healthCheck.interval,
    HealthCheckTimeoutSeconds: healthCheck.timeout,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: matcher === undefined ? undefined : { HttpCode: matcher },
    LoadBalancerArns: loadBalancersUsing(ctx, group.arn),
    TargetType: type,
    ProtocolVersion: protocolVersion,
    IpAddressType: ipAddressType,
  }
}

/** Gives the load balancers that lead to a target group by some rule. */
export function loadBalancersUsing(ctx: Context, group: string): string[] {
  const using = ctx.table(rules).where(rulesUsing, group)
  return [...new Set(using.flatMap(({ listener }) => ctx.table(listeners).get(listener)?.loadBalancer ?? []))]
}

export function listenerView(ctx: Context, listener: Listener): ListenerView {
  const { arn, loadBalancer, port, protocol, certificates, sslPolicy, alpnPolicy } = listener
  const [certificate] = certificates
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancer,
    Port: port,
    Protocol: protocol,
    Certificates: certificate === undefined ? undefined : [{ CertificateArn: certificate }],
    SslPolicy: sslPolicy,
    AlpnPolicy: alpnPolicy && [...alpnPolicy],
    DefaultActions: defaultRule(ctx, listener).actions.map(actionView),
    MutualAuthentication: protocol === 'HTTPS' ? { Mode: 'off' } : undefined,
  }
}

export const defaultRule = (ctx: Context, { arn }: Pick<Listener, 'arn'>): Rule =>
  ctx
    .table(rules)
    .where(rulesOf, arn)
    .find(({ priority }) => priority === undefined)!

export const ruleView = ({ arn, priority, conditions, actions }: Rule): RuleView => ({
  RuleArn: arn,
  Priority: priority === undefined ? 'default' : String(priority),
  Conditions: conditions.map(conditionView),
  Actions: actions.map(actionView),
  IsDefault: priority === undefined,
})

/** AWS: a forward to one group is told in both of its forms, and the values of paths and hosts too. */
function actionView(action: Action): Action {
  const groups = action.ForwardConfig?.TargetGroups ?? []
  return groups.length === 1 ? { ...action, TargetGroupArn: groups[0]!.TargetGroupArn } : action
}

function conditionView(condition: Rule['conditions'][number]): Rule['conditions'][number] {
  const { Field, PathPatternConfig, HostHeaderConfig } = condition
  const config = Field === 'path-pattern' ? PathPatternConfig : HostHeaderConfig
  return Field === 'path-pattern' || Field === 'host-header'
    ? { ...condition, Values: config?.Values }
    : condition
}
