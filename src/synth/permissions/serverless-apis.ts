/** What AWS SAM makes of its APIs. */
import type { Properties } from './property-values.ts'
import { pick, type ServerlessExpansion, storedAt, without } from './serverless-parts.ts'

/** Kinds of serverless APIs that are known: those of REST and of HTTP. */
export type ApiKind = 'Api' | 'HttpApi'

const OF_STAGE = [
  'AccessLogSetting', 'AccessLogSettings', 'CacheClusterEnabled', 'CacheClusterSize', 'CanarySetting',
  'DefaultRouteSettings', 'MethodSettings', 'RouteSettings', 'StageVariables', 'Tags', 'TracingEnabled', 'Variables',
] // biome-ignore format: a word list

const OF_SERVERLESS = [
  'AlwaysDeploy', 'Auth', 'Cors', 'CorsConfiguration', 'DefinitionBody', 'DefinitionUri', 'Domain', 'GatewayResponses',
  'MergeDefinitions', 'Models', 'OpenApiVersion', 'PropagateTags', 'StageName', ...OF_STAGE,
] // biome-ignore format: a word list

/** Makes the API that all functions share which name none, and gives its id. */
export function implicitApi(kind: ApiKind, into: ServerlessExpansion): string {
  const id = kind === 'Api' ? 'ServerlessRestApi' : 'ServerlessHttpApi'
  const stage = kind === 'Api' && { StageName: 'Prod' }
  if (!into.has(id)) api(kind, id, { ...into.withGlobals(`AWS::Serverless::${kind}`), ...stage }, into)
  return id
}

/** Makes an API with its stage, its domain, and what lets callers in. */
export function api(kind: ApiKind, id: string, properties: Properties, into: ServerlessExpansion): void {
  const { DefinitionBody = {}, DefinitionUri, StageName, Tags } = properties
  const types = kind === 'Api' ? 'AWS::ApiGateway' : 'AWS::ApiGatewayV2'
  into.add(id, kind === 'Api' ? `${types}::RestApi` : `${types}::Api`, {
    ...without(properties, OF_SERVERLESS),
    ...(DefinitionUri === undefined
      ? { Body: DefinitionBody }
      : { BodyS3Location: storedAt(DefinitionUri, { bucket: 'Bucket', key: 'Key', version: 'Version' }) }),
    Tags,
  })
  if (kind === 'Api') into.add(`${id}Deployment`, `${types}::Deployment`)
  const stage = typeof StageName === 'string' ? StageName : kind === 'Api' ? '' : 'ApiGatewayDefault'
  into.add(`${id}${stage}Stage`, `${types}::Stage`, pick(properties, OF_STAGE))
  domain(kind, id, properties.Domain as Properties | undefined, into)
  authorizers(kind, id, properties.Auth as Properties | undefined, into)
}

function domain(kind: ApiKind, id: string, given: Properties | undefined, into: ServerlessExpansion): void {
  if (!given) return
  const { Route53, BasePath, CertificateArn, ...rest } = given
  const types = kind === 'Api' ? 'AWS::ApiGateway' : 'AWS::ApiGatewayV2'
  // AWS: a private domain is made of types of its own.
  const version = JSON.stringify(rest.EndpointConfiguration ?? '').includes('PRIVATE') ? 'V2' : ''
  into.add(`${id}DomainName`, `${types}::DomainName${version}`, rest)
  into.add(`${id}Mapping`, kind === 'Api' ? `${types}::BasePathMapping${version}` : `${types}::ApiMapping`, {
    DomainName: { Ref: `${id}DomainName` },
  })
  if (Route53 !== undefined) into.add(`${id}Records`, 'AWS::Route53::RecordSetGroup', Route53 as Properties)
}

interface Authorizer {
  readonly FunctionArn?: unknown
  readonly FunctionInvokeRole?: unknown
  readonly DisableFunctionDefaultPermissions?: boolean
  readonly EnableFunctionDefaultPermissions?: boolean
}

function authorizers(
  kind: ApiKind,
  id: string,
  auth: Properties | undefined,
  into: ServerlessExpansion,
): void {
  const { Authorizers = {}, UsagePlan } = auth ?? {}
  for (const [name, authorizer] of Object.entries(Authorizers as Record<string, Authorizer>)) {
    const { FunctionArn, FunctionInvokeRole } = authorizer
    // AWS: SAM lets an API call an authorizer unless it is told not to, an HTTP API only when it is told to.
    const permitted =
      kind === 'Api'
        ? authorizer.DisableFunctionDefaultPermissions !== true
        : authorizer.EnableFunctionDefaultPermissions === true
    if (FunctionArn !== undefined && permitted)
      into.add(`${id}${name}AuthorizerPermission`, 'AWS::Lambda::Permission', { FunctionName: FunctionArn })
    if (FunctionInvokeRole !== undefined)
      into.change(id, authorizerOf(name, { authorizerCredentials: FunctionInvokeRole }))
  }
  const plan = (UsagePlan as { CreateUsagePlan?: string } | undefined)?.CreateUsagePlan
  if (plan !== 'PER_API' && plan !== 'SHARED') return
  const owner = plan === 'PER_API' ? id : 'Serverless'
  into.add(`${owner}UsagePlan`, 'AWS::ApiGateway::UsagePlan', pick(UsagePlan as Properties, ['Tags']))
  into.add(`${owner}ApiKey`, 'AWS::ApiGateway::ApiKey')
  into.add(`${owner}UsagePlanKey`, 'AWS::ApiGateway::UsagePlanKey')
}

const authorizerOf = (name: string, authorizer: Properties): Properties => ({
  Body: { securityDefinitions: { [name]: { 'x-amazon-apigateway-authorizer': authorizer } } },
})

/** What an API's description says of a route that takes a role to call what is behind it. */
export const routeWithRole = (path: unknown, method: unknown, role: unknown): Properties => ({
  Body: {
    paths: {
      [String(path)]: { [String(method)]: { 'x-amazon-apigateway-integration': { credentials: role } } },
    },
  },
})
