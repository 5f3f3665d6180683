/** The parts that ARNs and names of load balancers are made of. */
import type { Arn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { arnHere } from '../kinds.ts'
import type { Listener, LoadBalancer } from '../state.ts'
import { invalid } from './refuse.ts'

/** Sixteen hexadecimal digits. */
export const newId = ({ cloud }: Context): string => cloud.ids.uuid().replaceAll('-', '').slice(-16)

/** What follows `loadbalancer/`, `listener/` or `listener-rule/` in an ARN. */
export const pathOf = (arn: Arn): string => arn.slice(arn.indexOf('/') + 1)

export const listenerArn = (ctx: Context, { arn }: Pick<LoadBalancer, 'arn'>, id: string): Arn =>
  arnHere(ctx, `listener/${pathOf(arn)}/${id}`)

export const ruleArn = (ctx: Context, { arn }: Pick<Listener, 'arn'>, id: string): Arn =>
  arnHere(ctx, `listener-rule/${pathOf(arn)}/${id}`)

/** AWS: a load balancer's name in its metrics, `app/name/id`; so the name of a target group, `targetgroup/name/id`. */
export const metricName = (arn: Arn): string =>
  arn.includes(':targetgroup/') ? arn.slice(arn.lastIndexOf(':') + 1) : pathOf(arn)

/** Errors: ValidationError. AWS: 32 characters of letters, digits and hyphens, none of these first or last. */
export function checkName(noun: string, name: string): void {
  const subject = `${noun} name '${name}'`
  if (name.length > 32) throw invalid(`${subject} cannot be longer than '32' characters`)
  if (!/^[a-zA-Z0-9-]+$/.test(name))
    throw invalid(`${subject} can only contain characters that are alphanumeric characters and hyphens(-)`)
  if (name.startsWith('-') || name.endsWith('-')) throw invalid(`${subject} cannot begin or end with '-'`)
}

/** AWS: `name-1234567890.region.elb.amazonaws.com`, and of a network load balancer `name-16hex.elb.region.amazonaws.com`. */
export function dnsNameOf(
  { region }: Context,
  { name, id, type, scheme }: Pick<LoadBalancer, 'name' | 'type' | 'scheme'> & { readonly id: string },
): string {
  if (type === 'network') return `${name}-${id}.elb.${region}.amazonaws.com`
  const number = String(Number.parseInt(id.slice(0, 8), 16)).padStart(10, '0')
  return `${scheme === 'internal' ? 'internal-' : ''}${name}-${number}.${region}.elb.amazonaws.com`
}

/**
 * AWS: the hosted zones that aliases of Route 53 name (general reference, Elastic Load Balancing endpoints). Absent for
 * regions that are not listed here.
 */
const ZONES: Readonly<Record<string, readonly [application: string, network: string]>> = {
  'us-east-1': ['Z35SXDOTRQ7X7K', 'Z26RNL4JYFTOTI'],
  'us-east-2': ['Z3AADJGX6KTTL2', 'ZLMOA37VPKANP'],
  'us-west-1': ['Z368ELLRRE2KJ0', 'Z24FKFUX50B4VW'],
  'us-west-2': ['Z1H1FL5HABSF5', 'Z18D5FSROUN65G'],
  'ca-central-1': ['ZQSVJUPU6J1EY', 'Z2EPGBW3API2WT'],
  'eu-central-1': ['Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90'],
  'eu-west-1': ['Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F'],
  'eu-west-2': ['ZHURV8PSTC4K8', 'ZD4D7Y8KGAS4G'],
  'eu-west-3': ['Z3Q77PNBQS71R4', 'Z1CMS0P5QUZ6D5'],
  'eu-north-1': ['Z23TAZ6LKFMNIO', 'Z1UDT6IFJ4EJM'],
  'ap-northeast-1': ['Z14GRHDCWA56QT', 'Z31USIVHYNEOWT'],
  'ap-northeast-2': ['ZWKZPGTI48KDX', 'ZIBE1TIR4HY56'],
  'ap-southeast-1': ['Z1LMS91P8CMLE5', 'ZKVM4W9LS7TM'],
  'ap-southeast-2': ['Z1GM3OXH4ZPM65', 'ZCT6FZBF4DROD'],
  'ap-south-1': ['ZP97RAFLXTNZK', 'ZVDDRBQ08TROA'],
  'sa-east-1': ['Z2P70J7HTTTPLU', 'ZTK26PT1VY4CU'],
}

export const hostedZone = (region: string, type: LoadBalancer['type']): string | undefined =>
  ZONES[region]?.[type === 'application' ? 0 : 1]
