/** Attributes of load balancers, target groups and listeners: read and changed. */
import { operation } from '../../../kernel/operation.ts'
import { loopbackAddress } from '../doors/doors.ts'
import {
  type AttributeTable,
  applicationAttributes,
  connectionGroupAttributes,
  connectionListenerAttributes,
  functionGroupAttributes,
  httpGroupAttributes,
  httpListenerAttributes,
  listed,
  networkAttributes,
  withAttributes,
} from '../engine/attributes.ts'
import { isHttp } from '../engine/health-settings.ts'
import { describing, listenerKind, loadBalancerKind, targetGroupKind } from '../kinds.ts'
import type { Listener, LoadBalancer, TargetGroup } from '../state.ts'

const ofBalancer = ({ type }: LoadBalancer): AttributeTable =>
  type === 'application' ? applicationAttributes : networkAttributes

const ofGroup = ({ type, protocol }: TargetGroup): AttributeTable => {
  if (type === 'lambda') return functionGroupAttributes
  return isHttp(protocol) ? httpGroupAttributes : connectionGroupAttributes
}

const ofListener = ({ protocol }: Listener): AttributeTable =>
  isHttp(protocol) ? httpListenerAttributes : connectionListenerAttributes

export const DescribeLoadBalancerAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeLoadBalancerAttributes',
  access: describing('DescribeLoadBalancerAttributes'),
  run: ({ LoadBalancerArn: arn }, ctx) => {
    const one = loadBalancerKind.find(ctx, arn)
    return { Attributes: listed(ofBalancer(one), one.attributes) }
  },
})

export const ModifyLoadBalancerAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyLoadBalancerAttributes',
  access: (input, ctx) => [loadBalancerKind.on(ctx, 'ModifyLoadBalancerAttributes', input.LoadBalancerArn)],
  run: ({ LoadBalancerArn: arn, Attributes: given }, ctx) => {
    const one = loadBalancerKind.change(ctx, arn, (now) => ({
      ...now,
      attributes: withAttributes(ofBalancer(now), now.attributes, given),
    }))
    return { Attributes: listed(ofBalancer(one), one.attributes) }
  },
})

export const DescribeTargetGroupAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeTargetGroupAttributes',
  access: describing('DescribeTargetGroupAttributes'),
  run: ({ TargetGroupArn: arn }, ctx) => {
    const one = targetGroupKind.find(ctx, arn)
    return { Attributes: listed(ofGroup(one), one.attributes) }
  },
})

export const ModifyTargetGroupAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyTargetGroupAttributes',
  access: (input, ctx) => [targetGroupKind.on(ctx, 'ModifyTargetGroupAttributes', input.TargetGroupArn)],
  run: ({ TargetGroupArn: arn, Attributes: given }, ctx) => {
    const one = targetGroupKind.change(ctx, arn, (now) => ({
      ...now,
      attributes: withAttributes(ofGroup(now), now.attributes, given),
    }))
    return { Attributes: listed(ofGroup(one), one.attributes) }
  },
})

export const DescribeListenerAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeListenerAttributes',
  access: describing('DescribeListenerAttributes'),
  run: ({ ListenerArn: arn }, ctx) => {
    const one = listenerKind.find(ctx, arn)
    return { Attributes: [...listed(ofListener(one), one.attributes), addressFor(one)] }
  },
})

/** AWS has no such attribute: it says where the listener is reached on this machine. */
const addressFor = (listener: Listener) => ({ Key: 'crossdock.address', Value: loopbackAddress(listener) })

export const ModifyListenerAttributes = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyListenerAttributes',
  access: (input, ctx) => [listenerKind.on(ctx, 'ModifyListenerAttributes', input.ListenerArn)],
  run: ({ ListenerArn: arn, Attributes: given }, ctx) => {
    const one = listenerKind.change(ctx, arn, (now) => ({
      ...now,
      attributes: withAttributes(ofListener(now), now.attributes, given),
    }))
    return { Attributes: [...listed(ofListener(one), one.attributes), addressFor(one)] }
  },
})
