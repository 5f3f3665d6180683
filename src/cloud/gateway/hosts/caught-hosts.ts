/** Which of AWS's host names lead to the cloud from its builds and functions; all others stay what they are. */

/** AWS: regions of the partitions aws, aws-cn and aws-us-gov, botocore's partitions.json. */
const REGION = '[a-z]{2}(?:-[a-z]+){1,2}-\\d'
const SUFFIX = 'amazonaws\\.com(?:\\.cn)?'
const BUCKET = '(?:[a-z0-9._-]+\\.)?'

/** AWS: endpoints without a region, botocore's endpoints.json, and the older ones of STS, S3 and Organizations. */
const GLOBAL =
  'budgets|cloudfront|global\\.health|iam|iam-fips|importexport|organizations|route53|route53-fips|savingsplans|sdb|' +
  'shield|sts|support|waf|waf-fips'

/**
 * Whole names in lower case; understood by JavaScript and by Python. Not all of amazonaws.com: AWS's downloads are there
 * (`awscli`, `checkip`, `truststore.pki.rds`), and what users run on AWS (`*.execute-api`, `*.elb`, `*.compute`).
 */
export const CAUGHT_HOSTS: string = [
  `[a-z0-9-]+\\.${REGION}\\.(?:${SUFFIX}|api\\.aws|api\\.amazonwebservices\\.com\\.cn)`,
  '[a-z0-9-]+\\.global\\.api\\.aws',
  `(?:api|\\d{12}\\.dkr)\\.ecr(?:-fips)?\\.${REGION}\\.(?:${SUFFIX}|api\\.aws)`,
  `${BUCKET}s3(?:-fips)?(?:\\.dualstack)?\\.${REGION}\\.${SUFFIX}`,
  `${BUCKET}s3-${REGION}\\.${SUFFIX}`,
  `${BUCKET}s3(?:-external-1|-accelerate(?:\\.dualstack)?)?\\.${SUFFIX}`,
  `[a-z0-9-]+\\.s3-(?:control|accesspoint|object-lambda)(?:-fips)?(?:\\.dualstack)?\\.${REGION}\\.${SUFFIX}`,
  `(?:${GLOBAL})\\.${SUFFIX}`,
  '(?:iam|route53|global\\.health)\\.us-gov\\.amazonaws\\.com',
].join('|')

const rule = new RegExp(`^(?:${CAUGHT_HOSTS})$`)

/** Whether a host, without its port, is answered by the cloud. */
export function isCaught(host: string): boolean {
  // The longest name that DNS has; parts of the expression take the square of the length.
  return host.length <= 255 && rule.test(host.toLowerCase().replace(/\.$/, ''))
}
