/** The label of an AWS host name that says which service it is. */

/** AWS: the DNS suffixes of its endpoints, botocore's partitions.json (aws, aws-cn). */
export const AWS_SUFFIXES = ['amazonaws.com', 'amazonaws.com.cn', 'api.aws', 'api.amazonwebservices.com.cn']

const SUFFIX = new RegExp(`\\.(?:${AWS_SUFFIXES.join('|').replaceAll('.', '\\.')})$`)

/** Whether a name in lower case is one of AWS's. */
export const isAwsName = (name: string): boolean => SUFFIX.test(`.${name}`)

/**
 * What stands between a service's label and the suffix: regions, dual stack, VPC endpoints. Held against all 2,067 hosts
 * that botocore makes for the cloud's services, FIPS and dual stack too: `iam-govcloud` and `ProdFips` are not known.
 */
const AFTER = /^(?:[a-z]{2,4}(?:-[a-z]+)+-\d+|us-gov|global|aws-(?:[a-z]+-)*global|dualstack|vpce)$/

/** Gives a host's name in lower case, without its port; undefined where it is longer than DNS has names. */
export const hostName = (host: string): string | undefined =>
  host.length > 260 ? undefined : host.replace(/\.?(?::\d*)?$/, '').toLowerCase()

/**
 * Gives `s3` of `bucket.s3.eu-west-1.amazonaws.com`, `ecr` of `api.ecr.us-east-1.amazonaws.com`; FIPS endpoints are the
 * service's too. Undefined for a host that is none of AWS's.
 */
export function endpointLabel(name: string): string | undefined {
  if (!SUFFIX.test(name)) return undefined
  const labels = name.replace(SUFFIX, '').split('.')
  while (labels.length > 1 && AFTER.test(labels.at(-1)!)) labels.pop()
  return labels.at(-1)!.replace(/-fips$/, '')
}
