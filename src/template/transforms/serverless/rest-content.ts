/** What a REST API consists of: a body that is written, one made of its routes, or one that lies in S3. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import type { Expansion, Serverless } from './expansion.ts'
import { wrapConditions } from './path-conditions.ts'
import { arnOf, isMap, type Properties } from './properties.ts'
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
import { type RestAuth, routeCredentials, routeSecurity, securityDefinitions } from './rest-auth.ts'
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
import type { Route } from './routes.ts'
import { storedAt } from './stored-at.ts'

export interface Content {
  readonly placed: Properties
  /** What the id of the deployment is made of. */
  readonly text: string
}

export function contentOf(
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

function preflightSecurity(auth: RestAuth | undefined): PythonValue[] | undefined {
  if (!auth) return undefined
  const security: PythonDict[] = []
  const { AddDefaultAuthorizerToCorsPreflight: wanted = true } = auth.given
  if (auth.fallback !== undefined && wanted !== false)
    security.push(new PythonDict([[new UserText(auth.fallback), []]]))
  if (auth.keyRequired) security.push(new PythonDict([['api_key', []]]))
  return security.length > 0 ? security : undefined
}

/** Gives the version of OpenAPI 3 that is asked for; undefined for Swagger 2. Errors: InvalidResource. */
export function openApiVersion({ OpenApiVersion: given }: Properties): string | undefined {
  if (given === undefined || given === '2.0' || given === 2) return undefined
  const version = String(given)
  if (!/^3(\.\d+(\.\d+)?)?$/.test(version))
    throw invalid("The OpenApiVersion value must be of the format '3.0.0'.", ['Properties', 'OpenApiVersion'])
  return version
}
