/** CreateTargetGroup, ModifyTargetGroup, DescribeTargetGroups and DeleteTargetGroup. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { forgetTarget } from '../engine/follow-targets.ts'
import { checkedHealth, isHttp } from '../engine/health-settings.ts'
import { checkName, newId } from '../engine/ids.ts'
import { badConfiguration, badMarker, invalid, unsupported } from '../engine/refuse.ts'
import { tagForm } from '../engine/tag-form.ts'
import { loadBalancersUsing, targetGroupView } from '../engine/views.ts'
import { arnHere, describing, loadBalancerKind, making, targetGroupKind } from '../kinds.ts'
import { rules, rulesUsing, type TargetGroup, targetGroups, targets, targetsIn } from '../state.ts'

type Given = Input<'elasticloadbalancing', 'CreateTargetGroup'>

/** AWS: one with the same name and settings is given as it is. */
export const CreateTargetGroup = operation({
  service: 'elasticloadbalancing',
  name: 'CreateTargetGroup',
  access: (input, ctx) =>
    making(ctx, targetGroupKind, 'CreateTargetGroup', {
      arn: arnHere(ctx, `targetgroup/${input.Name}/*`),
      tags: input.Tags,
    }),
  run: (input, ctx) => {
    const made = newTargetGroup(ctx, input)
    const before = byName(ctx, made.name)
    if (before && settings(before) !== settings(made))
      throw new AwsError(
        'DuplicateTargetGroupNameException',
        `A target group with the same name '${made.name}' exists, but with different settings`,
      )
    if (!before) ctx.table(targetGroups).put(made.arn, made)
    return { TargetGroups: [targetGroupView(ctx, before ?? made)] }
  },
})

function newTargetGroup(ctx: Context, input: Given): TargetGroup {
  refuseUnsupported(input, ['TargetControlPort'])
  const { Name: name, TargetType: type = 'instance' } = input
  checkName('Target group', name)
  const facts = type === 'lambda' ? functionFacts(input) : addressFacts(input)
  const group = { type, protocol: facts.protocol }
  return {
    arn: arnHere(ctx, `targetgroup/${name}/${newId(ctx)}`),
    name,
    type,
    ...facts,
    healthCheck: checkedHealth(group, input),
    attributes: {},
    tags: targetGroupKind.newTags(tagForm.read(input.Tags)),
  }
}

type Facts = Pick<TargetGroup, 'protocol' | 'protocolVersion' | 'port' | 'vpc' | 'ipAddressType'>

/** AWS: functions are reached by no protocol, port and VPC. */
function functionFacts({ Protocol, Port, VpcId, ProtocolVersion }: Given): Facts {
  if (Protocol ?? Port ?? VpcId ?? ProtocolVersion)
    throw invalid('Protocol, port and VPC ID cannot be specified for target groups with target type lambda')
  return {}
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP']

function addressFacts(input: Given): Facts {
  const { Protocol: protocol, Port: port, VpcId: vpc, TargetType: type, IpAddressType = 'ipv4' } = input
  if (protocol === undefined) throw invalid('A protocol must be specified')
  if (port === undefined) throw invalid('A port must be specified')
  if (vpc === undefined) throw invalid('A VPC ID must be specified')
  if (!/^vpc-[0-9a-zA-Z]+$/.test(vpc)) throw invalid(`The VPC ID '${vpc}' is not found`)
  if (!PROTOCOLS.includes(protocol))
    throw unsupported(`target groups of the protocol ${protocol}`, 'It has HTTP, HTTPS and TCP.')
  if (type === 'alb') throw unsupported('load balancers as targets (alb)', 'Use the target type ip.')
  if (IpAddressType !== 'ipv4') throw unsupported('targets with IPv6 addresses', 'Use ipv4.')
  const { ProtocolVersion: version } = input
  if (version !== undefined && !isHttp(protocol))
    throw badConfiguration('Protocol version can only be specified for the protocols HTTP and HTTPS')
  if (version !== undefined && version !== 'HTTP1')
    throw unsupported(`the protocol version ${version}`, 'Use HTTP1.')
  return {
    protocol,
    port,
    vpc,
    ipAddressType: 'ipv4',
    protocolVersion: isHttp(protocol) ? 'HTTP1' : undefined,
  }
}

const byName = (ctx: Context, name: string): TargetGroup | undefined =>
  ctx
    .table(targetGroups)
    .values()
    .find((one) => one.name === name)

const settings = ({ type, protocol, port, vpc, healthCheck }: TargetGroup): string =>
  JSON.stringify([type, protocol, port, vpc, Object.entries(healthCheck).sort()])

export const ModifyTargetGroup = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyTargetGroup',
  access: (input, ctx) => [targetGroupKind.on(ctx, 'ModifyTargetGroup', input.TargetGroupArn)],
  run: (input, ctx) => {
    const group = targetGroupKind.change(ctx, input.TargetGroupArn, (now) => ({
      ...now,
      healthCheck: checkedHealth(now, input, now.healthCheck),
    }))
    return { TargetGroups: [targetGroupView(ctx, group)] }
  },
})

export const DescribeTargetGroups = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeTargetGroups',
  access: describing('DescribeTargetGroups'),
  run: (input, ctx) => {
    const { LoadBalancerArn: balancer, TargetGroupArns: arns, Names: names } = input
    if ([balancer, arns, names].filter((one) => one?.length).length > 1)
      throw invalid(
        'Target group names, target group ARNs and a load balancer ARN cannot be specified together',
      )
    const page = paginate(chosen(ctx, { balancer, arns, names }), {
      token: input.Marker,
      limit: input.PageSize ?? 400,
      query: [balancer, arns, names],
      error: badMarker,
    })
    return { TargetGroups: page.items.map((one) => targetGroupView(ctx, one)), NextMarker: page.nextToken }
  },
})

interface Chosen {
  readonly balancer?: string
  readonly arns?: readonly string[]
  readonly names?: readonly string[]
}

function chosen(ctx: Context, { balancer, arns, names }: Chosen): TargetGroup[] {
  if (arns?.length) return arns.map((arn) => targetGroupKind.find(ctx, arn))
  if (names?.length) return names.map((name) => byName(ctx, name) ?? absent())
  const all = ctx.table(targetGroups).values()
  if (balancer === undefined) return all
  loadBalancerKind.find(ctx, balancer)
  return all.filter(({ arn }) => loadBalancersUsing(ctx, arn).includes(balancer))
}

function absent(): never {
  throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found')
}

/** AWS: its targets go with it. Errors: ResourceInUse while a rule leads to it; one that is not there is no error. */
export const DeleteTargetGroup = operation({
  service: 'elasticloadbalancing',
  name: 'DeleteTargetGroup',
  access: (input, ctx) => [targetGroupKind.on(ctx, 'DeleteTargetGroup', input.TargetGroupArn)],
  run: ({ TargetGroupArn: arn }, ctx) => {
    if (!targetGroupKind.lookUp(ctx, arn)) return {}
    if (ctx.table(rules).where(rulesUsing, arn).length)
      throw new AwsError(
        'ResourceInUseException',
        `Target group '${arn}' is currently in use by a listener or a rule`,
      )
    for (const target of ctx.table(targets).where(targetsIn, arn)) forgetTarget(ctx, target)
    ctx.table(targetGroups).delete(arn)
    return {}
  },
})
