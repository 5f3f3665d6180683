/** Which properties serverless resources and their events have. AWS: SAM resource and property reference. */
import { entryOf } from '../../../model/index.ts'
import type { Properties } from './properties.ts'
import { invalid } from './refusals.ts'

/** `*` behind a name: it must be there. */
const PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': `Name StageName* Tags PropagateTags DefinitionBody DefinitionUri MergeDefinitions
    CacheClusterEnabled CacheClusterSize Variables EndpointConfiguration MethodSettings BinaryMediaTypes
    MinimumCompressionSize Cors Auth GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Models
    Domain FailOnWarnings Description Mode DisableExecuteApiEndpoint ApiKeySourceType AlwaysDeploy Policy SecurityPolicy
    EndpointAccessMode`,
  'AWS::Serverless::Application': 'Location TemplateUrl Parameters NotificationARNs Tags TimeoutInMinutes',
  'AWS::Serverless::Connector': 'Source* Destination* Permissions* SourceReference',
  'AWS::Serverless::Function': `FunctionName Handler Runtime CodeUri ImageUri PackageType InlineCode DeadLetterQueue
    Description MemorySize Timeout VpcConfig Role AssumeRolePolicyDocument Policies RolePath PermissionsBoundary
    Environment Events Tags PropagateTags Tracing KmsKeyArn DeploymentPreference ReservedConcurrentExecutions Layers
    EventInvokeConfig EphemeralStorage AutoPublishAlias AutoPublishCodeSha256 AutoPublishAliasAllProperties
    VersionDescription ProvisionedConcurrencyConfig FileSystemConfigs ImageConfig CodeSigningConfigArn Architectures
    SnapStart FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn
    CapacityProviderConfig FunctionScalingConfig VersionDeletionPolicy PublishToLatestPublished TenancyConfig
    DurableConfig`,
  'AWS::Serverless::HttpApi': `Name StageName Tags PropagateTags DefinitionBody DefinitionUri StageVariables
    CorsConfiguration AccessLogSettings DefaultRouteSettings Auth RouteSettings Domain FailOnWarnings Description
    DisableExecuteApiEndpoint`,
  'AWS::Serverless::LayerVersion': `LayerName Description PublishLambdaVersion ContentUri* CompatibleArchitectures
    CompatibleRuntimes LicenseInfo RetentionPolicy`,
  'AWS::Serverless::SimpleTable': `PointInTimeRecoverySpecification PrimaryKey ProvisionedThroughput TableName Tags
    SSESpecification`,
  'AWS::Serverless::StateMachine': `Definition DefinitionUri Logging Role RolePath DefinitionSubstitutions Events Name
    Type Tags PropagateTags Policies Tracing PermissionsBoundary AutoPublishAlias DeploymentPreference
    UseAliasAsEventTarget`,
}

const MAPPING = `BatchSize StartingPosition StartingPositionTimestamp Enabled MaximumBatchingWindowInSeconds
  MaximumRetryAttempts BisectBatchOnFunctionError MaximumRecordAgeInSeconds DestinationConfig ParallelizationFactor
  Topics Queues SourceAccessConfigurations SecretsManagerKmsKeyId TumblingWindowInSeconds FunctionResponseTypes
  KafkaBootstrapServers FilterCriteria KmsKeyArn ConsumerGroupId ScalingConfig ProvisionedPollerConfig
  SchemaRegistryConfig MetricsConfig LoggingConfig`

const RULE = `EventBusName RuleName Pattern DeadLetterConfig RetryPolicy Input InputPath Target Enabled State
  InputTransformer`

const EVENTS: Readonly<Record<string, string>> = {
  AlexaSkill: 'SkillId',
  Api: `Path* Method* RestApiId Stage Auth RequestModel RequestParameters TimeoutInMillis ResponseTransferMode
    UnescapeMappingTemplate`,
  CloudWatchEvent: RULE,
  CloudWatchLogs: 'LogGroupName* FilterPattern*',
  Cognito: 'UserPool* Trigger*',
  DocumentDB: `${MAPPING} Cluster* DatabaseName* CollectionName FullDocument`,
  DynamoDB: `${MAPPING} Stream*`.replace('StartingPosition ', 'StartingPosition* '),
  EventBridgeRule: RULE,
  HttpApi: 'Path Method ApiId Stage Auth TimeoutInMillis RouteSettings PayloadFormatVersion',
  IoTRule: 'Sql* AwsIotSqlVersion',
  Kinesis: `${MAPPING} Stream*`.replace('StartingPosition ', 'StartingPosition* '),
  MQ: `${MAPPING} Broker* DynamicPolicyName`,
  MSK: `${MAPPING} Stream*`.replace('StartingPosition ', 'StartingPosition* '),
  S3: 'Bucket* Events* Filter',
  SNS: 'Topic* Region FilterPolicy FilterPolicyScope SqsSubscription RedrivePolicy',
  SQS: `${MAPPING} Queue*`,
  Schedule:
    'Schedule* RuleName Input Enabled State Name Description DeadLetterConfig RetryPolicy Target RoleArn',
  ScheduleV2: `PermissionsBoundary ScheduleExpression* FlexibleTimeWindow Name State Description StartDate EndDate
    ScheduleExpressionTimezone GroupName KmsKeyArn Input RoleArn DeadLetterConfig RetryPolicy OmitName`,
  SelfManagedKafka: MAPPING,
}

/** Errors: InvalidResource for a property that a serverless type does not have, or that is lacking. */
export const checkResourceProperties = (type: string, properties: Properties): void =>
  checkNames(entryOf(PROPERTIES, type)!, type, properties)

/** Errors: the same, said of the event's own id. */
export const checkEventProperties = (type: string, properties: Properties, id: string): void =>
  checkNames(entryOf(EVENTS, type)!, type, properties, id)

function checkNames(names: string, type: string, properties: Properties, id?: string): void {
  const known = names.split(/\s+/)
  for (const name of Object.keys(properties))
    if (!known.includes(name) && !known.includes(`${name}*`))
      throw invalid(
        `property ${name} not defined for resource of type ${type}`,
        id === undefined ? ['Properties', name] : [],
        id,
      )
  for (const name of known)
    if (name.endsWith('*') && properties[name.slice(0, -1)] === undefined)
      throw invalid(`Missing required property '${name.slice(0, -1)}'.`, [], id)
}
