/** AWS::Serverless::Api: a REST API with its deployment and its stage. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { type ApiDomain, domainOf, putRestDomain } from './api-domain.ts'
import { conditional, only } from './conditional.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { longHash, shortHash } from './logical-id.ts'
import { arnOf, isMap, type Properties, pick, tagList } from './properties.ts'
import {
  fromOwn,
  fromUser,
  PythonDict,
  type PythonValue,
  pythonText,
  toPlain,
  UserText,
} from './python-dict.ts'
import { invalid } from './refusals.ts'
import { type RestAuth, restAuth, routeCredentials, routeSecurity, securityDefinitions } from './rest-auth.ts'
import {
  addRequest,
  addRoute,
  emptyBody,
  functionIntegration,
  functionUri,
  gatewayResponses,
  machineIntegration,
  modelsOf,
} from './rest-body.ts'
import { addPreflight, corsOf } from './rest-cors.ts'
import { resourcePolicy } from './rest-policy.ts'
import { pathCondition, type Route } from './routes.ts'
import { storedAt } from './stored-at.ts'
import { putUsagePlan } from './usage-plan.ts'

const NOT_CARRIED_OUT = ['AlwaysDeploy', 'EndpointAccessMode', 'MergeDefinitions', 'Policy', 'SecurityPolicy']

export function expandRestApi(source: Serverless, routes: readonly Route[], into: Expansion): void {
  const { id, properties, attributes, type } = source
  for (const name of NOT_CARRIED_OUT)
    if (properties[name] !== undefined) throw unsupportedInTemplate(`${name} of ${type} (resource ${id})`)
  const auth = restAuth(properties.Auth)
  const domain = domainOf(source)
  const content = contentOf(source, auth, routes, into)
  const Tags = properties.PropagateTags === true ? tagList(properties.Tags) : undefined
  const openApi = openApiVersion(properties)
  const regional = endpointOf(properties, into)
  into.put(
    id,
    'AWS::ApiGateway::RestApi',
    {
      ...content.placed,
      ...pick(properties, [
        'Description',
        'FailOnWarnings',
        'Mode',
        'Name',
        'BinaryMediaTypes',
        'MinimumCompressionSize',
        'ApiKeySourceType',
      ]),
      ...regional,
      Tags,
    },
    attributes,
  )
  const passed = passedOn(attributes)
  const hashed = [content.text, ...(openApi ? [openApi] : []), ...(domain ? [domainText(domain)] : [])].join(
    '||',
  )
  const deployment = `${id}Deployment${shortHash(hashed)}`
  into.put(
    deployment,
    'AWS::ApiGateway::Deployment',
    {
      Description: `RestApi deployment id: ${longHash(hashed)}`,
      RestApiId: { Ref: id },
      StageName: openApi ? undefined : 'Stage',
    },
    passed,
  )
  const stage = `${id}${stageSuffix(properties.StageName, 'Stage')}`
  into.put(
    stage,
    'AWS::ApiGateway::Stage',
    { ...stageOf(properties), DeploymentId: { Ref: deployment }, RestApiId: { Ref: id } },
    passed,
  )
  into.refer(id, 'Stage', stage)
  into.refer(id, 'Deployment', deployment)
  if (domain) {
    putRestDomain(source, domain, stage, into)
    into.refer(id, 'DomainName', domain.id)
  }
  putAuthorizerPermissions(source, auth, into)
  putUsagePlan(source, auth, stage, into)
}

/** AWS: a stage's name is part of its id where it has letters and digits only, and a hash of it otherwise. */
export function stageSuffix(stage: unknown, word: string): string {
  const name = typeof stage === 'string' ? stage : ''
  if (/^[A-Za-z0-9]+$/.test(name)) return `${name}${word}`
  return name === '' ? word : `${word}${shortHash(name)}`
}

function openApiVersion({ OpenApiVersion: given }: Properties): string | undefined {
  if (given === undefined || given === '2.0' || given === 2) return undefined
  const version = String(given)
  if (!/^3(\.\d+(\.\d+)?)?$/.test(version))
    throw invalid("The OpenApiVersion value must be of the format '3.0.0'.", ['Properties', 'OpenApiVersion'])
  return version
}

/** AWS: outside of the partition aws there are regional endpoints only. */
function endpointOf({ EndpointConfiguration: given }: Properties, { partition }: Expansion): Properties {
  if (isMap(given) && given.Type === undefined) return { EndpointConfiguration: given }
  const type = isMap(given) ? given.Type : given
  const regional = type ?? (partition === 'aws' ? undefined : 'REGIONAL')
  if (regional === undefined) return {}
  const more = isMap(given)
    ? {
        ...(given.VPCEndpointIds !== undefined && { VpcEndpointIds: given.VPCEndpointIds }),
        ...(given.IpAddressType !== undefined && { IpAddressType: given.IpAddressType }),
      }
    : {}
  return {
    Parameters: { endpointConfigurationTypes: regional },
    EndpointConfiguration: { Types: [regional], ...more },
  }
}

const stageOf = (properties: Properties): Properties => ({
  ...pick(properties, [
    'AccessLogSetting',
    'CacheClusterEnabled',
    'CacheClusterSize',
    'CanarySetting',
    'MethodSettings',
    'StageName',
    'TracingEnabled',
    'Variables',
  ]),
  Tags: properties.Tags === undefined ? undefined : tagList(properties.Tags),
})

interface Content {
  readonly placed: Properties
  /** What the id of the deployment is made of. */
  readonly text: string
}

function contentOf(
  source: Serverless,
  auth: RestAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): Content {
  const { DefinitionBody: written, DefinitionUri: uri } = source.properties
  if (written !== undefined && uri !== undefined)
    throw invalid("Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.")
  if (uri !== undefined) {
    const stored = storedAt(uri, 'DefinitionUri', into)
    if (!stored) return { placed: {}, text: '' }
    const place = new PythonDict(Object.entries(stored).map(([key, value]) => [key, fromUser(value)]))
    return { placed: { BodyS3Location: stored }, text: pythonText(place) }
  }
  const body = written === undefined ? emptyBody() : (fromUser(written) as PythonDict)
  if (written === undefined) fillBody(body, source, auth, routes, into)
  else addToWritten(body, source)
  return { placed: { Body: toPlain(body) }, text: pythonText(body) }
}

/** Errors: TemplateFault where something is to be added to a body that is written out. */
function addToWritten(_: PythonDict, { id, type, properties }: Serverless): void {
  for (const name of [
    'Auth',
    'Cors',
    'GatewayResponses',
    'Models',
    'OpenApiVersion',
    'DisableExecuteApiEndpoint',
    'BinaryMediaTypes',
  ])
    if (properties[name] !== undefined && !(name === 'Auth' && onlyUsagePlan(properties.Auth)))
      throw unsupportedInTemplate(`${name} beside a DefinitionBody of ${type} (resource ${id})`)
}

const onlyUsagePlan = (auth: unknown): boolean =>
  isMap(auth) && Object.keys(auth).every((one) => one === 'UsagePlan')

function fillBody(
  body: PythonDict,
  source: Serverless,
  auth: RestAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): void {
  const { id, properties } = source
  const openApi = openApiVersion(properties)
  addBinaryTypes(body, properties)
  const models = isMap(properties.Models) ? properties.Models : {}
  for (const route of routes) putRoute(body, route, { auth, models, openApi: openApi !== undefined }, into)
  const definitions = securityDefinitions(auth, routes, into)
  const cors = corsOf(properties.Cors)
  const paths = body.get('paths') as PythonDict
  // AWS: the headers of preflight answers are turned into OpenAPI 3 anew for every part of the body.
  const runs = openApi ? 1 + (definitions ? 1 : 0) + (Object.keys(models).length > 0 ? 1 : 0) : 0
  if (cors)
    for (const [, item] of paths.entries())
      addPreflight(item as PythonDict, cors, preflightSecurity(auth), runs)
  wrapConditions(id, paths, routes, into)
  const policy = resourcePolicy(auth?.given.ResourcePolicy, routes, properties.StageName)
  if (policy) body.set('x-amazon-apigateway-policy', policy)
  if (definitions) body.set('securityDefinitions', definitions)
  if (isMap(properties.GatewayResponses))
    body.set('x-amazon-apigateway-gateway-responses', gatewayResponses(properties.GatewayResponses))
  if (Object.keys(models).length > 0) body.set('definitions', modelsOf(models))
  if (openApi) toOpenApi3(body, openApi)
  addEndpointSetting(body, properties)
}

/** Writes a body anew that was Swagger 2. */
function toOpenApi3(body: PythonDict, version: string): void {
  body.delete('swagger')
  body.set('openapi', new UserText(version))
  const moved = [
    ['securityDefinitions', 'securitySchemes'],
    ['definitions', 'schemas'],
  ].filter(([name]) => body.has(name!)) as [string, string][]
  if (moved.length > 0)
    body.set('components', new PythonDict(moved.map(([name, to]) => [to, body.get(name)])))
  for (const [name] of moved) body.delete(name)
}

function addEndpointSetting(
  body: PythonDict,
  { DisableExecuteApiEndpoint, OpenApiVersion }: Properties,
): void {
  if (DisableExecuteApiEndpoint !== undefined) {
    const setting = new PythonDict([['disableExecuteApiEndpoint', fromUser(DisableExecuteApiEndpoint)]])
    if (OpenApiVersion !== undefined)
      body.set('servers', [new PythonDict([['x-amazon-apigateway-endpoint-configuration', setting]])])
    else body.set('x-amazon-apigateway-endpoint-configuration', setting)
  }
}

/** AWS: binary types are written with `~1` for a slash. */
function addBinaryTypes(body: PythonDict, { BinaryMediaTypes }: Properties): void {
  if (Array.isArray(BinaryMediaTypes))
    body.set(
      'x-amazon-apigateway-binary-media-types',
      BinaryMediaTypes.map((one: unknown) =>
        fromUser(typeof one === 'string' ? one.replaceAll('~1', '/') : one),
      ),
    )
}

function putRoute(
  body: PythonDict,
  route: Route,
  { auth, models, openApi }: { auth?: RestAuth; models: Properties; openApi: boolean },
  into: Expansion,
): void {
  const { source, properties, event } = route
  const machine = source.type === 'AWS::Serverless::StateMachine'
  const alias = into.referred.get(source.id)?.get('Alias')
  const integration = machine
    ? machineIntegration(route, arnOf(`${source.id}${event}Role`))
    : functionIntegration(route, functionUri(into.partition, source, alias))
  const responses = machine
    ? fromOwn({ '200': { description: 'OK' }, '400': { description: 'Bad Request' } })
    : new PythonDict()
  const operation = addRoute(body, route, integration, new PythonDict([['responses', responses]]))
  const security = routeSecurity(route, auth)
  const credentials = routeCredentials(route, auth)
  if (credentials !== undefined && !machine) integration.set('credentials', credentials)
  if (security) operation.set('security', security)
  addRequest({ operation, body, integration }, openApi, route, models)
  if (properties.ResponseTransferMode !== undefined)
    throw unsupportedInTemplate(`ResponseTransferMode of an Api event (resource ${source.id})`)
}

/** AWS: what hangs on a condition is left out of the body with it, the path too where all of its methods do. */
export function wrapConditions(
  id: string,
  paths: PythonDict,
  routes: readonly Route[],
  into: Expansion,
): void {
  for (const [key, item] of paths.entries()) {
    const path = key instanceof UserText ? key.text : key
    const own = routes.filter((one) => one.path === path)
    for (const { method, source } of own) {
      const operation = (item as PythonDict).get(method)
      if (source.attributes.Condition !== undefined)
        (item as PythonDict).set(method, conditional(source.attributes.Condition, operation))
    }
    const condition = pathCondition(id, path, own, into)
    if (condition !== undefined) paths.set(key, only(condition, item))
  }
}

function preflightSecurity(auth: RestAuth | undefined): PythonValue[] | undefined {
  if (!auth) return undefined
  const security: PythonDict[] = []
  const { AddDefaultAuthorizerToCorsPreflight: wanted = true } = auth.given
  if (auth.fallback !== undefined && wanted !== false)
    security.push(new PythonDict([[new UserText(auth.fallback), []]]))
  if (auth.keyRequired) security.push(new PythonDict([['api_key', []]]))
  return security.length > 0 ? security : undefined
}

/** What is hashed of a domain. */
function domainText({ id, given }: ApiDomain): string {
  const all = new PythonDict(Object.entries(given).map(([key, value]) => [key, value as PythonValue]))
  all.set('ApiDomainName', id)
  if (!all.has('EndpointConfiguration')) all.set('EndpointConfiguration', 'REGIONAL')
  return spacedJson(Object.fromEntries(all.entries().map(([key, value]) => [String(key), value])))
}

/** JSON as Python writes it. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (!isMap(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spacedJson(one)}`)
    .join(', ')}}`
}

/** AWS: API Gateway may call the functions that tell who calls. */
function putAuthorizerPermissions(
  { id, attributes }: Serverless,
  auth: RestAuth | undefined,
  into: Expansion,
): void {
  for (const [name, one] of Object.entries(auth?.authorizers ?? {})) {
    const { FunctionArn } = one as Properties
    if (FunctionArn === undefined) continue
    into.put(
      `${id}${name}AuthorizerPermission`,
      'AWS::Lambda::Permission',
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: FunctionArn,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Sub': [
            `arn:${into.partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/authorizers/*`,
            { __ApiId__: { Ref: id } },
          ],
        },
      },
      passedOn(attributes),
    )
  }
}
