/** The section Globals: properties that a template gives for all serverless resources of a kind. */
import { entryOf, setEntry } from '../../../model/index.ts'
import type { Section } from '../../read/parse-template.ts'
import { isMap, type Properties } from './properties.ts'
import { refused } from './refusals.ts'

/** AWS: SAM specification, "Globals section of the AWS SAM template"; in the order in which the translator names them. */
const SUPPORTED: Readonly<Record<string, string>> = {
  Api: `Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables EndpointConfiguration
    MethodSettings BinaryMediaTypes MinimumCompressionSize Cors GatewayResponses AccessLogSetting CanarySetting
    TracingEnabled OpenApiVersion Domain AlwaysDeploy PropagateTags SecurityPolicy EndpointAccessMode`,
  CapacityProvider: 'VpcConfig OperatorRole Tags InstanceRequirements ScalingConfig KmsKeyArn PropagateTags',
  Function: `Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig Environment Tags
    PropagateTags Tracing KmsKeyArn AutoPublishAlias AutoPublishAliasAllProperties Layers DeploymentPreference RolePath
    PermissionsBoundary ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument
    EventInvokeConfig FileSystemConfigs CodeSigningConfigArn Architectures SnapStart EphemeralStorage FunctionUrlConfig
    RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn TenancyConfig DurableConfig
    CapacityProviderConfig FunctionScalingConfig PublishToLatestPublished VersionDeletionPolicy`,
  HttpApi: `Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings Domain RouteSettings
    FailOnWarnings PropagateTags`,
  LayerVersion: 'PublishLambdaVersion',
  SimpleTable: 'SSESpecification',
  StateMachine: 'PropagateTags',
  WebSocketApi: `AccessLogSettings ApiKeySelectionExpression DefaultRouteSettings DisableExecuteApiEndpoint
    DisableSchemaValidation Domain FailOnWarnings IpAddressType PropagateTags RouteSelectionExpression RouteSettings
    StageVariables Tags`,
}

/** Gives what Globals says for each serverless type. Errors: TemplateFault for what it cannot hold. */
export function readGlobals({ Globals: given }: Section): ReadonlyMap<string, Properties> {
  if (given === undefined) return new Map()
  if (!isMap(given)) throw wrong('It must be a non-empty dictionary')
  return new Map(
    Object.entries(given).map(([kind, properties]) => {
      const names = entryOf(SUPPORTED, kind)?.split(/\s+/)
      if (!names)
        throw wrong(
          `'${kind}' is not supported. Must be one of the following values - ${listed(Object.keys(SUPPORTED))}`,
          kind,
        )
      if (!isMap(properties)) throw wrong(`Value of ${kind} must be a dictionary`, kind)
      for (const name of Object.keys(properties))
        if (!names.includes(name))
          throw wrong(
            `'${name}' is not a supported property of '${kind}'. Must be one of the following values - ${listed(names)}`,
            kind,
            name,
          )
      return [`AWS::Serverless::${kind}`, properties]
    }),
  )
}

const wrong = (what: string, ...path: string[]) =>
  refused([{ message: `'Globals' section is invalid. ${what}`, path: ['Globals', ...path] }])

export const listed = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`

/** AWS: maps are merged, lists are put behind each other, anything else replaces what all have in common. */
export function merged(common: unknown, own: unknown): unknown {
  if (Array.isArray(common) && Array.isArray(own)) return [...common, ...own]
  if (!isPlainMap(common) || !isPlainMap(own)) return own
  const all: Section = { ...common }
  for (const [name, value] of Object.entries(own))
    setEntry(all, name, Object.hasOwn(common, name) ? merged(entryOf(common, name), value) : value)
  return all
}

/** AWS: a map with one of the functions is a value. */
const isPlainMap = (value: unknown): value is Properties =>
  isMap(value) && !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))
