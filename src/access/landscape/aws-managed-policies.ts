/** AWS managed policies as far as a proof must know them: those that grant everything of a service, in full. */

const PREFIX = 'arn:aws:iam::aws:policy/'

/** Actions that a policy allows on every resource, by the policy's name. */
const WHOLE_SERVICES: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonS3ReadOnlyAccess: [
    's3:Get*',
    's3:List*',
    's3:Describe*',
    's3-object-lambda:Get*',
    's3-object-lambda:List*',
  ],
  AWSCloudFormationFullAccess: ['cloudformation:*'],
  AWSLambdaBasicExecutionRole: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  'service-role/AWSLambdaBasicExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  'service-role/AmazonECSTaskExecutionRolePolicy': [
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
}

/** Gives the document of a managed policy of AWS; undefined where it is not known here. */
export function awsManagedPolicy(arn: string): object | undefined {
  const actions = arn.startsWith(PREFIX) ? WHOLE_SERVICES[arn.slice(PREFIX.length)] : undefined
  return (
    actions && { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }
  )
}
