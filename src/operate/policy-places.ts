/** Where the fleet's own policies stand, so that a denial met in a run says what to change. */
import { type Landscape, type Origin, readAssembly } from '../access/index.ts'
import { type Assembly, parseArn } from '../model/index.ts'

/** Finds the stack and logical ID behind `identity policy of arn:…`; undefined for what the fleet did not make. */
export type PolicyPlaces = (policy: string) => Origin | undefined

/** The assembly is read when the first policy is asked for. */
export function policyPlaces(assembly: Assembly): PolicyPlaces {
  let landscape: Landscape | undefined
  return (policy) => {
    landscape ??= readAssembly(assembly)
    const arn = / of (arn:\S+)$/.exec(policy)?.[1]
    return arn === undefined ? undefined : placeOf(arn, landscape)
  }
}

function placeOf(arn: string, { roles, buckets, keys }: Landscape): Origin | undefined {
  const parsed = parseArn(arn)
  if (parsed?.service === 'iam') return roles.get(arn)?.origin
  if (parsed?.service === 's3') {
    const bucket = buckets.get(parsed.resource)
    return bucket?.policy?.origin ?? bucket?.origin
  }
  // Only the deployment knows a key's id; the fleet has one key in each region.
  const here = [...keys.values()].filter(
    ({ account, region }) => account === parsed?.account && region === parsed.region,
  )
  return parsed?.service === 'kms' && here.length === 1 ? here[0]!.origin : undefined
}
