/** CreateLoadBalancer, DescribeLoadBalancers and DeleteLoadBalancer. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkName, dnsNameOf, newId } from '../engine/ids.ts'
import { ensureLinkedRole } from '../engine/linked-role.ts'
import { badMarker, invalid, unsupported } from '../engine/refuse.ts'
import { removeListener } from '../engine/remove.ts'
import { checkSubnets } from '../engine/subnets.ts'
import { tagForm } from '../engine/tag-form.ts'
import { loadBalancerView } from '../engine/views.ts'
import { arnHere, describing, loadBalancerKind, making } from '../kinds.ts'
import { type LoadBalancer, listeners, listenersOf, loadBalancers } from '../state.ts'

type Given = Input<'elasticloadbalancing', 'CreateLoadBalancer'>

const UNSUPPORTED = ['CustomerOwnedIpv4Pool', 'EnablePrefixForIpv6SourceNat', 'IpamPools']

const typeOf = ({ Type }: Given): string => (Type === 'network' ? 'net' : Type === 'gateway' ? 'gwy' : 'app')

/** AWS: one with the same name and settings is given as it is. */
export const CreateLoadBalancer = operation({
  service: 'elasticloadbalancing',
  name: 'CreateLoadBalancer',
  access: (input, ctx) =>
    making(ctx, loadBalancerKind, 'CreateLoadBalancer', {
      arn: arnHere(ctx, `loadbalancer/${typeOf(input)}/${input.Name}/*`),
      tags: input.Tags,
    }).map((one) => ({ ...one, context: { ...one.context, ...conditionsOf(input) } })),
  run: async (input, ctx) => {
    const made = newLoadBalancer(ctx, input)
    await ensureLinkedRole(ctx)
    const before = byName(ctx, made.name)
    if (before && !isSame(before, made))
      throw new AwsError(
        'DuplicateLoadBalancerNameException',
        `A load balancer with the same name '${made.name}' exists, but with different settings`,
      )
    if (!before) ctx.table(loadBalancers).put(made.arn, made)
    return { LoadBalancers: [loadBalancerView(ctx, before ?? made, before ? 'active' : 'provisioning')] }
  },
})

/** AWS: the condition keys of CreateLoadBalancer (service authorization reference). */
const conditionsOf = ({ Scheme = 'internet-facing', SecurityGroups, Subnets, SubnetMappings }: Given) => ({
  'elasticloadbalancing:Scheme': Scheme,
  ...(SecurityGroups && { 'elasticloadbalancing:SecurityGroup': SecurityGroups }),
  'elasticloadbalancing:Subnet': Subnets ?? (SubnetMappings ?? []).map(({ SubnetId = '' }) => SubnetId),
})

function newLoadBalancer(ctx: Context, input: Given): LoadBalancer {
  refuseUnsupported(input, UNSUPPORTED)
  const { Name: name, Type: type = 'application', Scheme: scheme = 'internet-facing' } = input
  if (type === 'gateway')
    throw unsupported('Gateway Load Balancers', 'It has application and network load balancers.')
  checkName('Load balancer', name)
  if (name.startsWith('internal-'))
    throw invalid(`Load balancer name '${name}' cannot begin with 'internal-'`)
  const id = newId(ctx)
  return {
    arn: arnHere(ctx, `loadbalancer/${typeOf(input)}/${name}/${id}`),
    name,
    type,
    scheme,
    dnsName: dnsNameOf(ctx, { name, id, type, scheme }),
    subnets: checkSubnets(type, input),
    securityGroups: input.SecurityGroups ?? [],
    ipAddressType: input.IpAddressType ?? 'ipv4',
    created: ctx.cloud.clock.now(),
    attributes: {},
    tags: loadBalancerKind.newTags(tagForm.read(input.Tags)),
  }
}

const byName = (ctx: Context, name: string): LoadBalancer | undefined =>
  ctx
    .table(loadBalancers)
    .values()
    .find((one) => one.name === name)

const settings = ({ type, scheme, subnets, securityGroups, ipAddressType, tags }: LoadBalancer): string =>
  JSON.stringify([type, scheme, subnets, securityGroups, ipAddressType, Object.entries(tags).sort()])

const isSame = (one: LoadBalancer, other: LoadBalancer): boolean => settings(one) === settings(other)

/** Errors: LoadBalancerNotFound for one that is named and not there. */
export const DescribeLoadBalancers = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeLoadBalancers',
  access: describing('DescribeLoadBalancers'),
  run: ({ LoadBalancerArns: arns, Names: names, Marker: token, PageSize: limit = 400 }, ctx) => {
    if (arns?.length && names?.length) throw invalid('Load balancer names and ARNs cannot both be specified')
    const found = arns?.length
      ? arns.map((arn) => loadBalancerKind.find(ctx, arn))
      : names?.length
        ? names.map((name) => byName(ctx, name) ?? absent(name))
        : ctx.table(loadBalancers).values()
    const page = paginate(found, { token, limit, query: [arns, names], error: badMarker })
    return {
      LoadBalancers: page.items.map((one) => loadBalancerView(ctx, one)),
      NextMarker: page.nextToken,
    }
  },
})

function absent(name: string): never {
  throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`)
}

/** AWS: its listeners and rules go with it, its target groups stay; one that is not there is no error. */
export const DeleteLoadBalancer = operation({
  service: 'elasticloadbalancing',
  name: 'DeleteLoadBalancer',
  access: (input, ctx) => [loadBalancerKind.on(ctx, 'DeleteLoadBalancer', input.LoadBalancerArn)],
  run: async ({ LoadBalancerArn: arn }, ctx) => {
    const balancer = loadBalancerKind.lookUp(ctx, arn)
    if (!balancer) return {}
    if (balancer.attributes['deletion_protection.enabled'] === 'true')
      throw new AwsError(
        'OperationNotPermittedException',
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      )
    for (const listener of ctx.table(listeners).where(listenersOf, arn)) removeListener(ctx, listener)
    ctx.table(loadBalancers).delete(arn)
    return {}
  },
})
