/** CreateListener, ModifyListener, DescribeListeners and DeleteListener. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { openDoor } from '../doors/doors.ts'
import { checkActions } from '../engine/actions.ts'
import { followGroups } from '../engine/follow-targets.ts'
import { listenerArn, newId, ruleArn } from '../engine/ids.ts'
import { LIMITS } from '../engine/limits.ts'
import { checkSecurity } from '../engine/listener-security.ts'
import { badMarker, invalid } from '../engine/refuse.ts'
import { removeListener } from '../engine/remove.ts'
import { tagForm } from '../engine/tag-form.ts'
import { defaultRule, listenerView } from '../engine/views.ts'
import { describing, listenerKind, loadBalancerKind, making } from '../kinds.ts'
import { groupsIn, type Listener, listeners, listenersOf, type Rule, rules } from '../state.ts'

type Given = Input<'elasticloadbalancing', 'CreateListener'>

/** AWS: making a listener is authorized on its load balancer; one with the same port and settings is given as it is. */
export const CreateListener = operation({
  service: 'elasticloadbalancing',
  name: 'CreateListener',
  access: (input, ctx) => {
    const [, ...tagging] = making(ctx, listenerKind, 'CreateListener', {
      arn: `${input.LoadBalancerArn.replace(':loadbalancer/', ':listener/')}/*`,
      tags: input.Tags,
    })
    const request = loadBalancerKind.on(ctx, 'CreateListener', input.LoadBalancerArn, keysOf(input))
    return [request, ...tagging]
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, ['MutualAuthentication'])
    const { listener, rule } = newListener(ctx, input)
    const before = ctx
      .table(listeners)
      .where(listenersOf, listener.loadBalancer)
      .find(({ port }) => port === listener.port)
    if (before) {
      if (isSame(ctx, before, listener, rule)) return { Listeners: [listenerView(ctx, before)] }
      throw duplicate(listener)
    }
    const loopbackPort = await openDoor(ctx, listener)
    // While the port was opened another may have come first.
    if (!loadBalancerKind.lookUp(ctx, listener.loadBalancer))
      loadBalancerKind.find(ctx, listener.loadBalancer)
    ctx.table(listeners).put(listener.arn, { ...listener, loopbackPort })
    ctx.table(rules).put(rule.arn, rule)
    followGroups(ctx, groupsIn(rule.actions))
    return { Listeners: [listenerView(ctx, listener)] }
  },
})

/** AWS: the condition keys of operations on listeners (service authorization reference). */
const keysOf = ({ Protocol, SslPolicy }: Pick<Given, 'Protocol' | 'SslPolicy'>) => ({
  ...(Protocol && { 'elasticloadbalancing:ListenerProtocol': Protocol }),
  ...(SslPolicy && { 'elasticloadbalancing:SecurityPolicy': SslPolicy }),
})

const duplicate = ({ loadBalancer }: Listener): AwsError =>
  new AwsError(
    'DuplicateListenerException',
    `A listener already exists on this port for this load balancer '${loadBalancer}'`,
  )

function newListener(ctx: Context, input: Given): { listener: Listener; rule: Rule } {
  const { Protocol: protocol, Port: port } = input
  const balancer = loadBalancerKind.find(ctx, input.LoadBalancerArn)
  if (protocol === undefined) throw invalid('A listener protocol must be specified')
  if (port === undefined) throw invalid('A listener port must be specified')
  const present = ctx.table(listeners).where(listenersOf, balancer.arn)
  if (present.length >= LIMITS['listeners-per-application-load-balancer'])
    throw new AwsError('TooManyListenersException', 'The maximum number of listeners is reached')
  const listener: Listener = {
    arn: listenerArn(ctx, balancer, newId(ctx)),
    loadBalancer: balancer.arn,
    port,
    ...checkSecurity(balancer.type, { ...input, Protocol: protocol }),
    attributes: {},
    tags: listenerKind.newTags(tagForm.read(input.Tags)),
  }
  const actions = checkActions(ctx, input.DefaultActions, { ...listener, type: balancer.type })
  const arn = ruleArn(ctx, listener, newId(ctx))
  return { listener, rule: { arn, listener: listener.arn, conditions: [], actions, tags: {} } }
}

function isSame(ctx: Context, before: Listener, next: Listener, rule: Rule): boolean {
  const settings = ({ protocol, certificates, sslPolicy, alpnPolicy }: Listener, { actions }: Rule) =>
    JSON.stringify([protocol, certificates, sslPolicy, alpnPolicy, actions])
  return settings(before, defaultRule(ctx, before)) === settings(next, rule)
}

/** AWS: what is given is replaced whole, what is not given stays. */
export const ModifyListener = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyListener',
  access: (input, ctx) => [listenerKind.on(ctx, 'ModifyListener', input.ListenerArn, keysOf(input))],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['MutualAuthentication'])
    const before = listenerKind.find(ctx, input.ListenerArn)
    const { type } = loadBalancerKind.find(ctx, before.loadBalancer)
    const next: Listener = {
      ...before,
      port: input.Port ?? before.port,
      ...securityAfter(type, before, input),
    }
    const others = ctx.table(listeners).where(listenersOf, before.loadBalancer)
    if (others.some(({ arn, port }) => port === next.port && arn !== before.arn)) throw duplicate(before)
    const rule = defaultRule(ctx, before)
    const actions = input.DefaultActions?.length
      ? checkActions(ctx, input.DefaultActions, { ...next, type })
      : rule.actions
    const loopbackPort = next.protocol === before.protocol ? before.loopbackPort : await openDoor(ctx, next)
    ctx.table(listeners).put(next.arn, { ...next, loopbackPort })
    ctx.table(rules).put(rule.arn, { ...rule, actions })
    followGroups(ctx, groupsIn(actions))
    return { Listeners: [listenerView(ctx, next)] }
  },
})

type Changes = Input<'elasticloadbalancing', 'ModifyListener'>

function securityAfter(type: 'application' | 'network', before: Listener, changes: Changes) {
  const { Protocol = before.protocol, SslPolicy, AlpnPolicy, Certificates } = changes
  const stays = Protocol === before.protocol
  const checked = checkSecurity(type, {
    Protocol,
    SslPolicy: SslPolicy ?? (stays ? before.sslPolicy : undefined),
    AlpnPolicy: AlpnPolicy ?? (stays ? before.alpnPolicy && [...before.alpnPolicy] : undefined),
    Certificates: Certificates ?? (stays ? firstOf(before) : undefined),
  })
  // Those that AddListenerCertificates added stay.
  const added = stays ? before.certificates.slice(1) : []
  return { ...checked, certificates: [...new Set([...checked.certificates, ...added])] }
}

const firstOf = ({ certificates: [first] }: Listener) => (first ? [{ CertificateArn: first }] : undefined)

export const DescribeListeners = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeListeners',
  access: describing('DescribeListeners'),
  run: ({ LoadBalancerArn: balancer, ListenerArns: arns, Marker: token, PageSize: limit = 400 }, ctx) => {
    if ((balancer === undefined) === !arns?.length)
      throw invalid('You must specify either listener ARNs or a load balancer ARN')
    const found = arns?.length
      ? arns.map((arn) => listenerKind.find(ctx, arn))
      : ctx.table(listeners).where(listenersOf, loadBalancerKind.find(ctx, balancer!).arn)
    const page = paginate(found, { token, limit, query: [balancer, arns], error: badMarker })
    return { Listeners: page.items.map((one) => listenerView(ctx, one)), NextMarker: page.nextToken }
  },
})

/** AWS: its rules go with it. */
export const DeleteListener = operation({
  service: 'elasticloadbalancing',
  name: 'DeleteListener',
  access: (input, ctx) => [listenerKind.on(ctx, 'DeleteListener', input.ListenerArn)],
  run: ({ ListenerArn: arn }, ctx) => {
    removeListener(ctx, listenerKind.find(ctx, arn))
    return {}
  },
})
