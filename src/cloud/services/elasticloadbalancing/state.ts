/** What Elastic Load Balancing keeps: load balancers with listeners and rules, target groups with targets. */
import type { Arn } from '../../../model/index.ts'
import type { Input } from '../../kernel/api.ts'
import { collection } from '../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../kernel/store-index.ts'
import type { Tags } from '../../kernel/tags.ts'

type Create<O extends 'CreateLoadBalancer' | 'CreateTargetGroup' | 'CreateListener' | 'CreateRule'> = Input<
  'elasticloadbalancing',
  O
>

export type Action = Create<'CreateRule'>['Actions'][number]
export type Condition = Create<'CreateRule'>['Conditions'][number]
export type Certificate = NonNullable<Create<'CreateListener'>['Certificates']>[number]
export type SubnetMapping = NonNullable<Create<'CreateLoadBalancer'>['SubnetMappings']>[number]
export type Protocol = NonNullable<Create<'CreateListener'>['Protocol']>

export type LoadBalancerType = 'application' | 'network'

export interface LoadBalancer {
  readonly arn: Arn
  readonly name: string
  readonly type: LoadBalancerType
  readonly scheme: 'internet-facing' | 'internal'
  readonly dnsName: string
  readonly subnets: readonly SubnetMapping[]
  readonly securityGroups: readonly string[]
  readonly ipAddressType: string
  /** Milliseconds since 1970, as all times here. */
  readonly created: number
  /** Those that are set. */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Tags
}

export interface HealthCheck {
  readonly enabled: boolean
  readonly protocol: string
  /** `traffic-port`, or a number. */
  readonly port: string
  readonly path?: string
  /** Seconds. */
  readonly interval: number
  readonly timeout: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  /** `200`, `200,202` or `200-299`. */
  readonly matcher?: string
}

export interface TargetGroup {
  readonly arn: Arn
  readonly name: string
  readonly type: 'instance' | 'ip' | 'lambda' | 'alb'
  /** Absent, as the next three, for functions. */
  readonly protocol?: Protocol
  readonly protocolVersion?: string
  readonly port?: number
  readonly vpc?: string
  readonly ipAddressType?: 'ipv4' | 'ipv6'
  readonly healthCheck: HealthCheck
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Tags
}

export interface Target {
  readonly group: Arn
  /** An IPv4 address, or the ARN of a function. */
  readonly id: string
  /** Absent for functions. */
  readonly port?: number
  readonly zone?: string
  readonly registered: number
  /** When it began to drain. */
  readonly deregistered?: number
}

export interface Listener {
  readonly arn: Arn
  readonly loadBalancer: Arn
  readonly port: number
  readonly protocol: Protocol
  /** The default one first. */
  readonly certificates: readonly string[]
  readonly sslPolicy?: string
  readonly alpnPolicy?: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  /** Where it listens on 127.0.0.1; taken again at the next start, where it is free. */
  readonly loopbackPort?: number
  readonly tags: Tags
}

/** Its forward actions name their groups in ForwardConfig, in whichever form they were given. */
export interface Rule {
  readonly arn: Arn
  readonly listener: Arn
  /** Absent for the default rule, which comes last. */
  readonly priority?: number
  readonly conditions: readonly Condition[]
  readonly actions: readonly Action[]
  readonly tags: Tags
}

export const loadBalancers = collection<LoadBalancer>('elasticloadbalancing.load-balancers')
export const targetGroups = collection<TargetGroup>('elasticloadbalancing.target-groups')
/** By group and target. */
export const targets = collection<Target>('elasticloadbalancing.targets')
export const listeners = collection<Listener>('elasticloadbalancing.listeners')
export const rules = collection<Rule>('elasticloadbalancing.rules')

export const targetsIn: RecordIndex<Target> = recordIndex(({ group }) => [group])
export const listenersOf: RecordIndex<Listener> = recordIndex(({ loadBalancer }) => [loadBalancer])
export const rulesOf: RecordIndex<Rule> = recordIndex(({ listener }) => [listener])
export const rulesUsing: RecordIndex<Rule> = recordIndex(({ actions }) => groupsIn(actions))

/** Gives the target groups that actions forward to, each once. */
export const groupsIn = (actions: readonly Action[]): Arn[] => [
  ...new Set(
    actions.flatMap(({ ForwardConfig: config }) =>
      (config?.TargetGroups ?? []).map(({ TargetGroupArn = '' }) => TargetGroupArn),
    ),
  ),
]

export const targetKey = ({ group, id, port }: Pick<Target, 'group' | 'id' | 'port'>): string =>
  `${group} ${id} ${port ?? ''}`
