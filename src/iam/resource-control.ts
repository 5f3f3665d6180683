/** Which actions resource control policies limit. */

/** Action prefixes of the services that AWS Organizations names as supporting resource control policies. */
const SERVICES = new Set([
  'aoss',
  'appconfig',
  'appstream',
  'autoscaling',
  'codebuild',
  'codecommit',
  'cognito-identity',
  'cognito-idp',
  'comprehend',
  'comprehendmedical',
  'dax',
  'dynamodb',
  'ecr',
  'health',
  'kinesisvideo',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'signin',
  'sqs',
  'sts',
  'support',
  'textract',
  'transcribe',
  'translate',
])

/** Tells whether a service, by the prefix of its actions in lower case, supports RCPs. */
export const supportsResourceControl = (service: string): boolean => SERVICES.has(service)

/**
 * Tells whether RCPs limit an action (in lower case) on a resource.
 * AWS: kms:RetireGrant is excepted, and so is assuming a service-linked role.
 */
export function isUnderResourceControl(action: string, resource: string): boolean {
  if (!SERVICES.has(action.slice(0, action.indexOf(':'))) || action === 'kms:retiregrant') return false
  return !(action.startsWith('sts:') && resource.includes(':role/aws-service-role/'))
}
