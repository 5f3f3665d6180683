/** AWS: the quotas of an account in a region (Quotas for your Application Load Balancers), by DescribeAccountLimits' names. */
export const LIMITS = {
  'application-load-balancers': 50,
  'listeners-per-application-load-balancer': 50,
  'network-load-balancers': 50,
  'listeners-per-network-load-balancer': 50,
  'rules-per-application-load-balancer': 100,
  'certificates-per-application-load-balancer': 25,
  'target-groups': 3000,
  'target-groups-per-action-on-application-load-balancer': 5,
  'target-groups-per-application-load-balancer': 100,
  'targets-per-target-group': 1000,
  'targets-per-application-load-balancer': 1000,
  'condition-values-per-alb-rule': 5,
  'condition-wildcards-per-alb-rule': 6,
} as const
