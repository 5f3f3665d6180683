/** Elastic Load Balancing, version 2, declared. */
import { service } from '../../kernel/service.ts'
import { listeners, targets } from './state.ts'

export const elasticloadbalancing = service({
  id: 'elasticloadbalancing',
  title: 'ElasticLoadBalancingV2',
  stacks: ['ElasticLoadBalancingV2'],
  // AWS: the DNS names of application and of network load balancers.
  plainHost: /^[a-z0-9-]+\.(?:[a-z0-9-]+\.elb|elb\.[a-z0-9-]+)\.amazonaws\.com$/,
  // Listeners listen, targets are checked and drained.
  resumes: [listeners, targets],
  load: async () => (await import('./service.ts')).elasticloadbalancing,
})
