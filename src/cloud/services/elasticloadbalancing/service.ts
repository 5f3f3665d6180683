/** Elastic Load Balancing: load balancers whose listeners really listen on loopback and forward to what runs in the accounts. */
import type { Cloud } from '../../kernel/cloud.ts'
import type { ContextFactory } from '../../kernel/context.ts'
import { serviceIdentity } from '../../kernel/identity.ts'
import { implementation } from '../../kernel/service.ts'
import { reopenDoors } from './doors/doors.ts'
import { answerPlain } from './doors/plain-door.ts'
import { resumeTargets } from './engine/follow-targets.ts'
import { principal } from './engine/identity.ts'
import { kinds } from './kinds.ts'
import { DescribeAccountLimits, DescribeSSLPolicies } from './operations/account-limits.ts'
import {
  DescribeListenerAttributes,
  DescribeLoadBalancerAttributes,
  DescribeTargetGroupAttributes,
  ModifyListenerAttributes,
  ModifyLoadBalancerAttributes,
  ModifyTargetGroupAttributes,
} from './operations/attributes.ts'
import {
  AddListenerCertificates,
  DescribeListenerCertificates,
  RemoveListenerCertificates,
} from './operations/listener-certificates.ts'
import { CreateListener, DeleteListener, DescribeListeners, ModifyListener } from './operations/listeners.ts'
import { SetIpAddressType, SetSecurityGroups, SetSubnets } from './operations/load-balancer-settings.ts'
import { CreateLoadBalancer, DeleteLoadBalancer, DescribeLoadBalancers } from './operations/load-balancers.ts'
import { CreateRule, DeleteRule, DescribeRules, ModifyRule, SetRulePriorities } from './operations/rules.ts'
import { AddTags, DescribeTags, RemoveTags } from './operations/tags.ts'
import {
  CreateTargetGroup,
  DeleteTargetGroup,
  DescribeTargetGroups,
  ModifyTargetGroup,
} from './operations/target-groups.ts'
import { DeregisterTargets, DescribeTargetHealth, RegisterTargets } from './operations/targets.ts'
import { listener } from './resources/listener.ts'
import { listenerCertificate } from './resources/listener-certificate.ts'
import { listenerRule } from './resources/listener-rule.ts'
import { loadBalancer } from './resources/load-balancer.ts'
import { targetGroup } from './resources/target-group.ts'
import { listeners, targets } from './state.ts'

export const elasticloadbalancing = implementation({
  kinds,
  operations: [
    CreateLoadBalancer,
    DescribeLoadBalancers,
    DeleteLoadBalancer,
    SetSecurityGroups,
    SetSubnets,
    SetIpAddressType,
    CreateTargetGroup,
    ModifyTargetGroup,
    DescribeTargetGroups,
    DeleteTargetGroup,
    RegisterTargets,
    DeregisterTargets,
    DescribeTargetHealth,
    CreateListener,
    ModifyListener,
    DescribeListeners,
    DeleteListener,
    AddListenerCertificates,
    RemoveListenerCertificates,
    DescribeListenerCertificates,
    CreateRule,
    ModifyRule,
    SetRulePriorities,
    DescribeRules,
    DeleteRule,
    DescribeLoadBalancerAttributes,
    ModifyLoadBalancerAttributes,
    DescribeTargetGroupAttributes,
    ModifyTargetGroupAttributes,
    DescribeListenerAttributes,
    ModifyListenerAttributes,
    AddTags,
    RemoveTags,
    DescribeTags,
    DescribeAccountLimits,
    DescribeSSLPolicies,
  ],
  resourceTypes: [loadBalancer, targetGroup, listener, listenerRule, listenerCertificate],
  start: (cloud: Cloud, context: ContextFactory) => {
    const ctxIn = (account: string, region: string) =>
      context({ identity: serviceIdentity(principal), account, region })
    for (const { account, region } of cloud.store.everywhere(targets)) resumeTargets(ctxIn(account, region))
    for (const { account, region } of cloud.store.everywhere(listeners))
      cloud.spawn('reopen load balancers', () => reopenDoors(ctxIn(account, region)))
  },
  http: answerPlain,
})
