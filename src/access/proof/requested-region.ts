/** The region whose endpoint a call goes to; policies find it as aws:RequestedRegion. */
import { type Need, parseArn } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'

/** AWS: services with one endpoint for all regions, which is in us-east-1. The service that is given a role asks for iam:PassRole in its own region. */
const isGlobal = (action: string): boolean =>
  action !== 'iam:PassRole' && /^(iam|organizations|cloudfront|route53):/.test(action)

/** Gives the region of a need's call; where nothing tells it, that of the first pipeline. */
export const requestedRegion = (need: Need, landscape: Landscape): string =>
  (isGlobal(need.action) ? 'us-east-1' : regionOfResource(need, landscape)) ?? homeOf(landscape)

/** Gives the need as a call of `region`, unless what it is made on tells the region. */
export function calledIn(need: Need, region: string, landscape: Landscape): Need {
  const isTold = isGlobal(need.action) || regionOfResource(need, landscape) !== undefined
  if (isTold || region === homeOf(landscape)) return need
  return { ...need, context: { ...need.context, 'aws:RequestedRegion': region } }
}

function regionOfResource({ resource }: Need, { buckets }: Landscape): string | undefined {
  const arn = parseArn(resource)
  const bucket = arn?.service === 's3' ? buckets.get(arn.resource.split('/')[0]!) : undefined
  return arn?.region || bucket?.region
}

const homeOf = ({ pipelines }: Landscape): string => pipelines[0]?.region ?? 'us-east-1'
