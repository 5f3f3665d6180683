/** Service-linked roles: which services have one, under which name and with which policy of AWS's. */

interface LinkedService {
  readonly role: string
  readonly policy: string
}

/** AWS: by principal ("Using roles to allow Amazon ECS to manage clusters" and its like). */
const LINKED: Readonly<Record<string, LinkedService>> = {
  'ecs.amazonaws.com': { role: 'AWSServiceRoleForECS', policy: 'AmazonECSServiceRolePolicy' },
  'elasticloadbalancing.amazonaws.com': {
    role: 'AWSServiceRoleForElasticLoadBalancing',
    policy: 'AWSElasticLoadBalancingServiceRolePolicy',
  },
}

/** Gives what is known of a service's role; undefined for services whose roles the embedded cloud does not make. */
export const linkedService = (principal: string): LinkedService | undefined =>
  Object.hasOwn(LINKED, principal) ? LINKED[principal] : undefined
