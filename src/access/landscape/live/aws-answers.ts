/** What AWS's error answers mean to somebody who only reads. */

/** Error names that say: there is no such thing. */
const ABSENT: ReadonlySet<string> = new Set([
  'NoSuchEntity',
  'NoSuchEntityException',
  'NoSuchBucket',
  'NoSuchBucketPolicy',
  'NotFound',
  'NotFoundException',
  'ResourceNotFoundException',
  'PipelineNotFoundException',
  'ServerSideEncryptionConfigurationNotFoundError',
  'NoSuchPublicAccessBlockConfiguration',
  'OwnershipControlsNotFoundError',
  'RepositoryNotFoundException',
  'ClusterNotFoundException',
  'AWSOrganizationsNotInUseException',
  'ChildNotFoundException',
])

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden|403)$/

export const isAbsence = (error: unknown): boolean => error instanceof Error && ABSENT.has(error.name)

/** Gives why AWS did not answer. Errors: what is no answer of AWS and no failure to reach it is thrown on. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError) throw error
  if (DENIED.test(error.name)) return `access denied: ${error.message || error.name}`
  return error.message ? `${error.name}: ${error.message}` : error.name
}
