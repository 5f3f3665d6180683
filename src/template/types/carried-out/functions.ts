/** What the embedded cloud carries out of functions. */
import { type CarriedOut, properties } from './carried-out.ts'

/** Settings of a function that CreateFunction and UpdateFunctionConfiguration take. */
export const FUNCTION_SETTINGS = [
  'Role',
  'Handler',
  'Runtime',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'EphemeralStorage',
  'LoggingConfig',
  'TracingConfig',
  'VpcConfig',
  'Layers',
  'SnapStart',
  'DeadLetterConfig',
  'ImageConfig',
]

const LAMBDA_FUNCTION = [
  ...FUNCTION_SETTINGS,
  'FunctionName',
  'Code',
  'Tags',
  'PackageType',
  'Architectures',
  'ReservedConcurrentExecutions',
  'KmsKeyArn',
  'RecursiveLoop',
  'RuntimeManagementConfig',
]

export const functions: Readonly<Record<string, CarriedOut>> = {
  'AWS::Lambda::Alias': properties(
    'FunctionName',
    'FunctionVersion',
    'Name',
    'Description',
    'RoutingConfig',
    'ProvisionedConcurrencyConfig',
  ),
  'AWS::Lambda::EventInvokeConfig': properties(
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig',
  ),
  'AWS::Lambda::EventSourceMapping': properties(
    'EventSourceArn',
    'FunctionName',
    'Enabled',
    'BatchSize',
    'MaximumBatchingWindowInSeconds',
    'FilterCriteria',
    'FunctionResponseTypes',
    'ScalingConfig',
    'Tags',
  ),
  'AWS::Lambda::Function': {
    members: { '': LAMBDA_FUNCTION, Code: ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ZipFile'] },
  },
  'AWS::Lambda::LayerVersion': {
    members: {
      '': [
        'LayerName',
        'Content',
        'Description',
        'CompatibleRuntimes',
        'CompatibleArchitectures',
        'LicenseInfo',
      ],
      Content: ['S3Bucket', 'S3Key', 'S3ObjectVersion'],
    },
  },
  'AWS::Lambda::LayerVersionPermission': properties(
    'LayerVersionArn',
    'Action',
    'Principal',
    'OrganizationId',
  ),
  'AWS::Lambda::Permission': properties(
    'FunctionName',
    'Action',
    'Principal',
    'SourceArn',
    'SourceAccount',
    'PrincipalOrgID',
    'EventSourceToken',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
  ),
  'AWS::Lambda::Url': {
    members: { '': ['TargetFunctionArn', 'Qualifier', 'AuthType', 'Cors', 'InvokeMode'] },
    values: { InvokeMode: ['BUFFERED'] },
  },
  'AWS::Lambda::Version': properties(
    'FunctionName',
    'CodeSha256',
    'Description',
    'ProvisionedConcurrencyConfig',
    'RuntimePolicy',
  ),
}
