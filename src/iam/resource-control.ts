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

/** Tells whether RCPs limit an action (in lower case). AWS: kms:RetireGrant is excepted. */
export function isUnderResourceControl(action: string): boolean {
  return SERVICES.has(action.slice(0, action.indexOf(':'))) && action !== 'kms:retiregrant'
}
