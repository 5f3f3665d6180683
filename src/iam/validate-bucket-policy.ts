/** What S3 demands of the statements of a bucket policy, beyond what every resource policy keeps to. */
import type { PolicyStatement } from '../model/index.ts'
import { listOf } from './read-document.ts'

/**
 * Gives what is wrong with a statement of the policy of a bucket, in S3's words; undefined when it is right.
 * AWS: resources are the bucket and its objects, and each action must be able to act on one of them.
 */
export function bucketStatementProblem(statement: PolicyStatement, bucketArn: string): string | undefined {
  const { Resource, NotResource, Action, NotAction } = statement
  const resources = listOf<unknown>(Resource ?? NotResource)
  const actions = listOf<unknown>(Action ?? NotAction)
  if (resources.some((one) => typeof one !== 'string' || !isOfBucket(one, bucketArn)))
    return 'Policy has invalid resource'
  if (actions.some((one) => typeof one !== 'string' || !/^(\*|s3:[A-Za-z*?]+)$/i.test(one)))
    return 'Policy has invalid action'
  if (Action === undefined || Resource === undefined) return undefined
  const isUseless = (action: string) => !(resources as string[]).some((one) => applies(action, one))
  return (actions as string[]).some(isUseless)
    ? 'Action does not apply to any resource(s) in statement'
    : undefined
}

const isOfBucket = (resource: string, arn: string): boolean => {
  const [name, ...key] = resource.split('/')
  if (name === arn) return true
  // A wildcard in the bucket's part must at least begin with this bucket's name.
  return key.length === 0 && resource.startsWith(arn) && /[*?]/.test(resource.slice(arn.length)[0] ?? '')
}

/** Actions on objects; all others are on the bucket. */
const ON_OBJECTS =
  /^s3:((Get|Put|Delete|Restore|Replicate|Update)Object(?!LockConfiguration)|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|ReplicateDelete|ReplicateTags|ObjectOwnerOverrideToBucketOwner|InitiateReplication|GetObjectVersion|DeleteObjectVersion)/i

function applies(action: string, resource: string): boolean {
  if (/[*?]/.test(action)) return true
  const isKey = resource.includes('/')
  if (!isKey && /[*?]/.test(resource)) return true
  return ON_OBJECTS.test(action) === isKey
}
