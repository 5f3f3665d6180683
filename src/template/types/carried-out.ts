/** What the embedded cloud carries out of resource types: what is not named here it refuses by name. Types that are not listed it takes whole. */

import { balancingCarriedOut } from './balancing-carried-out.ts'

export interface CarriedOut {
  /** Why there is nothing of the type at all. */
  readonly refused?: string
  /** Members that are carried out, by where they stand: `` is the resource, `Rules[]` each item of a list. */
  readonly members?: Readonly<Record<string, readonly string[]>>
  /** Properties of which some values alone are carried out. */
  readonly values?: Readonly<Record<string, readonly (string | boolean)[]>>
  readonly fallback?: Fallback
}

/** Properties of which one has to be given, where nothing that the resource belongs to says it instead. */
export interface Fallback {
  readonly of: readonly string[]
  /** Not where the resource has this value, such as `A.B: x`. */
  readonly unless: readonly [where: string, value: string]
  /** What the resource belongs to: the property that names it, and its name where none does. */
  readonly owner: readonly [property: string, otherwise: string]
  /** Types that say it for the owner, with the property that does; `owner` names the owner, which is the resource itself without. */
  readonly saidBy: readonly { readonly type: string; readonly property: string; readonly owner?: string }[]
  /** What the embedded cloud does not support then. */
  readonly refused: string
}

const properties = (...names: readonly string[]): CarriedOut => ({ members: { '': names } })

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

const ALARM = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
]

const BUCKET = [
  'BucketName',
  'AccessControl',
  'Tags',
  'PublicAccessBlockConfiguration',
  'OwnershipControls',
  'BucketEncryption',
  'VersioningConfiguration',
  'LifecycleConfiguration',
  'CorsConfiguration',
  'LoggingConfiguration',
  'WebsiteConfiguration',
  'NotificationConfiguration',
]

const LIFECYCLE_RULE = [
  'Id',
  'Status',
  'Prefix',
  'TagFilters',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
  'ExpirationInDays',
  'ExpirationDate',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionExpirationInDays',
  'NoncurrentVersionTransition',
  'NoncurrentVersionTransitions',
  'Transition',
  'Transitions',
  'AbortIncompleteMultipartUpload',
]

/** Properties of a project that CreateProject takes under the same name, in lower camel case. */
export const PROJECT_SETTINGS = [
  'Name',
  'Description',
  'Source',
  'SecondarySources',
  'SecondarySourceVersions',
  'SourceVersion',
  'Artifacts',
  'SecondaryArtifacts',
  'Cache',
  'Environment',
  'ServiceRole',
  'TimeoutInMinutes',
  'QueuedTimeoutInMinutes',
  'EncryptionKey',
  'LogsConfig',
  'VpcConfig',
  'BadgeEnabled',
  'ConcurrentBuildLimit',
  'BuildBatchConfig',
]

const PROJECT = [...PROJECT_SETTINGS, 'Visibility', 'Tags', 'Triggers']

const ECS_SERVICE = [
  'AvailabilityZoneRebalancing',
  'CapacityProviderStrategy',
  'Cluster',
  'DeploymentConfiguration',
  'DeploymentController',
  'DesiredCount',
  'EnableECSManagedTags',
  'EnableExecuteCommand',
  'ForceNewDeployment',
  'HealthCheckGracePeriodSeconds',
  'LaunchType',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlatformVersion',
  'PropagateTags',
  'SchedulingStrategy',
  'ServiceName',
  'Tags',
  'TaskDefinition',
]

const ECS_DEPLOYMENT = [
  'Alarms',
  'BakeTimeInMinutes',
  'CanaryConfiguration',
  'DeploymentCircuitBreaker',
  'EarlySuccessCriteria',
  'LifecycleHooks',
  'LinearConfiguration',
  'MaximumPercent',
  'MinimumHealthyPercent',
  'Strategy',
]

const TASK_DEFINITION = [
  'ContainerDefinitions',
  'Cpu',
  'EnableFaultInjection',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'Family',
  'IpcMode',
  'Memory',
  'NetworkMode',
  'PidMode',
  'PlacementConstraints',
  'RequiresCompatibilities',
  'RuntimePlatform',
  'Tags',
  'TaskRoleArn',
  'Volumes',
]

export const carriedOut: Readonly<Record<string, CarriedOut>> = {
  'AWS::CloudWatch::Alarm': properties(
    ...ALARM,
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'MetricName',
    'Metrics',
    'Namespace',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ),
  'AWS::CloudWatch::CompositeAlarm': properties(...ALARM, 'AlarmRule'),
  'AWS::CodeBuild::Project': {
    members: { '': PROJECT, Triggers: ['Webhook', 'BuildType', 'FilterGroups', 'PullRequestBuildPolicy'] },
    values: { Visibility: ['PRIVATE'] },
  },
  'AWS::CodeCommit::Repository': properties(
    'RepositoryName',
    'RepositoryDescription',
    'Code',
    'Triggers',
    'Tags',
  ),
  // There are no instances to deploy to.
  'AWS::CodeDeploy::Application': { values: { ComputePlatform: ['Lambda', 'ECS'] } },
  'AWS::CodeDeploy::DeploymentConfig': {
    ...properties('DeploymentConfigName', 'ComputePlatform', 'TrafficRoutingConfig'),
    values: { ComputePlatform: ['Lambda', 'ECS'] },
  },
  'AWS::CodeDeploy::DeploymentGroup': properties(
    'ApplicationName',
    'DeploymentGroupName',
    'DeploymentConfigName',
    'ServiceRoleArn',
    'DeploymentStyle',
    'AlarmConfiguration',
    'AutoRollbackConfiguration',
    'TriggerConfigurations',
    'BlueGreenDeploymentConfiguration',
    'LoadBalancerInfo',
    'ECSServices',
    'Tags',
  ),
  'AWS::ECS::Cluster': properties(
    'ClusterName',
    'ClusterSettings',
    'CapacityProviders',
    'DefaultCapacityProviderStrategy',
    'Tags',
  ),
  'AWS::ECS::Service': {
    members: {
      '': ECS_SERVICE,
      DeploymentConfiguration: ECS_DEPLOYMENT,
    },
    // There are no container instances.
    values: {
      LaunchType: ['FARGATE'],
      SchedulingStrategy: ['REPLICA'],
      EnableExecuteCommand: [false],
    },
    // AWS: without either the cluster's default strategy counts, and without that EC2 (CreateService, launchType).
    fallback: {
      of: ['LaunchType', 'CapacityProviderStrategy'],
      unless: ['DeploymentController.Type', 'EXTERNAL'],
      owner: ['Cluster', 'default'],
      saidBy: [
        { type: 'AWS::ECS::Cluster', property: 'DefaultCapacityProviderStrategy' },
        {
          type: 'AWS::ECS::ClusterCapacityProviderAssociations',
          property: 'DefaultCapacityProviderStrategy',
          owner: 'Cluster',
        },
      ],
      refused:
        'AWS::ECS::Service on container instances, which is meant where LaunchType and CapacityProviderStrategy are left out and the cluster has no default strategy: set LaunchType to FARGATE.',
    },
  },
  'AWS::ECS::TaskDefinition': properties(...TASK_DEFINITION),
  'AWS::ECR::Repository': properties(
    'RepositoryName',
    'ImageTagMutability',
    'ImageTagMutabilityExclusionFilters',
    'ImageScanningConfiguration',
    'EncryptionConfiguration',
    'RepositoryPolicyText',
    'LifecyclePolicy',
    'EmptyOnDelete',
    'Tags',
  ),
  ...balancingCarriedOut,
  'AWS::Events::EventBus': properties('Name', 'Description', 'Policy', 'Tags'),
  'AWS::Events::Rule': properties(
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Tags',
    'Targets',
  ),
  'AWS::IAM::User': properties(
    'UserName',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'ManagedPolicyArns',
    'Groups',
    'Tags',
  ),
  // AWS: CreatedBy says that somebody else has made it.
  'AWS::CodeStarNotifications::NotificationRule': properties(
    'Name',
    'DetailType',
    'EventTypeIds',
    'EventTypeId',
    'Resource',
    'Targets',
    'TargetAddress',
    'Status',
    'Tags',
  ),
  'AWS::StepFunctions::StateMachine': {
    ...properties(
      'StateMachineName',
      'StateMachineType',
      'Definition',
      'DefinitionString',
      'DefinitionS3Location',
      'DefinitionSubstitutions',
      'RoleArn',
      'TracingConfiguration',
      'Tags',
    ),
    values: { 'TracingConfiguration.Enabled': [false] },
  },
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
  'AWS::Logs::LogGroup': properties('LogGroupName', 'RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'Tags'),
  'AWS::Logs::LogStream': properties('LogGroupName', 'LogStreamName'),
  'AWS::Logs::ResourcePolicy': properties('PolicyName', 'PolicyDocument'),
  'AWS::Organizations::Account': { refused: 'its accounts are there from the start' },
  'AWS::Organizations::Organization': { refused: 'its organization is there from the start' },
  'AWS::Organizations::OrganizationalUnit': properties('Name', 'ParentId', 'Tags'),
  'AWS::Organizations::Policy': properties('Name', 'Type', 'Content', 'Description', 'TargetIds', 'Tags'),
  'AWS::Organizations::ResourcePolicy': { refused: 'it has no delegated administrators' },
  'AWS::S3::Bucket': {
    members: {
      '': BUCKET,
      'BucketEncryption.ServerSideEncryptionConfiguration[]': [
        'BucketKeyEnabled',
        'ServerSideEncryptionByDefault',
      ],
      'LifecycleConfiguration.Rules[]': LIFECYCLE_RULE,
      NotificationConfiguration: [
        'EventBridgeConfiguration',
        'LambdaConfigurations',
        'QueueConfigurations',
        'TopicConfigurations',
      ],
    },
    values: { AccessControl: ['Private'] },
  },
  'AWS::SNS::Subscription': properties(
    'TopicArn',
    'Protocol',
    'Endpoint',
    'RawMessageDelivery',
    'FilterPolicy',
    'FilterPolicyScope',
  ),
  'AWS::SNS::Topic': properties(
    'TopicName',
    'DisplayName',
    'KmsMasterKeyId',
    'SignatureVersion',
    'TracingConfig',
    'Subscription',
    'Tags',
  ),
  'AWS::SQS::Queue': properties(
    'ContentBasedDeduplication',
    'DeduplicationScope',
    'DelaySeconds',
    'FifoQueue',
    'FifoThroughputLimit',
    'KmsDataKeyReusePeriodSeconds',
    'KmsMasterKeyId',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'QueueName',
    'ReceiveMessageWaitTimeSeconds',
    'RedrivePolicy',
    'SqsManagedSseEnabled',
    'Tags',
    'VisibilityTimeout',
  ),
  'AWS::SSM::Parameter': properties(
    'Type',
    'Value',
    'Description',
    'AllowedPattern',
    'Tier',
    'DataType',
    'Name',
    'Tags',
  ),
  'AWS::SecretsManager::ResourcePolicy': properties('SecretId', 'ResourcePolicy', 'BlockPublicPolicy'),
  'AWS::SecretsManager::Secret': properties(
    'Name',
    'Description',
    'KmsKeyId',
    'SecretString',
    'GenerateSecretString',
    'Tags',
  ),
}
