/** AWS::Serverless::HttpApi: an HTTP API with its stage. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { domainOf, putHttpDomain } from './api-domain.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import {
  authorizersOf,
  type HttpAuth,
  httpAuth,
  putHttpAuthorizerPermissions,
  routeSecurity,
} from './http-auth.ts'
import { stageSuffix } from './logical-id.ts'
import { wrapConditions } from './path-conditions.ts'
import { isMap, type Properties, pick } from './properties.ts'
import { fromOwn, fromUser, PythonDict, type PythonValue, toPlain, UserText } from './python-dict.ts'
import { invalid } from './refusals.ts'
import { addRoute, functionIntegration } from './rest-body.ts'
import { ANY_METHOD, DEFAULT_PATH, type Route } from './routes.ts'
import { storedAt } from './stored-at.ts'

const CREATED_BY = { 'httpapi:createdBy': 'SAM' }

export function expandHttpApi(source: Serverless, routes: readonly Route[], into: Expansion): void {
  const { id, properties, attributes } = source
  const auth = httpAuth(properties.Auth)
  const domain = domainOf(source)
  const content = contentOf(source, auth, routes, into)
  into.put(id, 'AWS::ApiGatewayV2::Api', { ...content, ...pick(properties, ['FailOnWarnings']) }, attributes)
  putHttpAuthorizerPermissions(source, auth, into)
  const { StageName = '$default' } = properties
  const stage =
    StageName === '$default' ? `${id}ApiGatewayDefaultStage` : `${id}${stageSuffix(StageName, 'Stage')}`
  const tags = { ...((properties.Tags ?? {}) as Properties), ...CREATED_BY }
  if (domain) putHttpDomain(source, domain, { stage, tags }, into)
  into.put(
    stage,
    'AWS::ApiGatewayV2::Stage',
    {
      ...pick(properties, ['AccessLogSettings', 'DefaultRouteSettings', 'StageVariables']),
      RouteSettings: routeSettings(properties, routes),
      ApiId: { Ref: id },
      StageName,
      Tags: describesRoutes(source) ? tags : undefined,
      AutoDeploy: true,
    },
    passedOn(attributes),
  )
  into.refer(id, 'Stage', stage)
  if (domain) into.refer(id, 'DomainName', domain.id)
}

/** AWS: a body that is described elsewhere, or without routes, gets nothing, tags neither. */
const describesRoutes = ({ properties: { DefinitionBody, DefinitionUri } }: Serverless): boolean =>
  DefinitionUri === undefined && (!isMap(DefinitionBody) || DefinitionBody.paths !== undefined)

function routeSettings({ RouteSettings = {} }: Properties, routes: readonly Route[]): Properties | undefined {
  const settings: Record<string, unknown> = { ...(RouteSettings as Properties) }
  for (const { path, method, properties } of routes)
    if (properties.RouteSettings !== undefined)
      settings[
        path === DEFAULT_PATH ? path : `${method === ANY_METHOD ? 'ANY' : method.toUpperCase()} ${path}`
      ] = properties.RouteSettings
  return Object.keys(settings).length > 0 ? settings : undefined
}

function contentOf(
  source: Serverless,
  auth: HttpAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): Properties {
  const { DefinitionBody: written, DefinitionUri: uri } = source.properties
  if (written !== undefined && uri !== undefined)
    throw invalid("Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.")
  if (uri !== undefined) return { BodyS3Location: storedAt(uri, 'DefinitionUri', into) }
  const body = written === undefined ? emptyBody() : (fromUser(written) as PythonDict)
  if (describesRoutes(source)) fillBody(body, source, auth, routes, into)
  return { Body: toPlain(body) }
}

const emptyBody = (): PythonDict =>
  new PythonDict([
    ['openapi', '3.0.1'],
    ['info', fromOwn({ version: '1.0', title: { Ref: 'AWS::StackName' } })],
    ['paths', new PythonDict()],
  ])

function fillBody(
  body: PythonDict,
  source: Serverless,
  auth: HttpAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): void {
  const { id, properties, type } = source
  const { Name, Description, CorsConfiguration, DisableExecuteApiEndpoint, Tags, DefinitionBody } = properties
  const info = body.get('info')
  if (info instanceof PythonDict && Name !== undefined) info.set('title', fromUser(Name))
  if (info instanceof PythonDict && Description !== undefined) info.set('description', fromUser(Description))
  for (const route of routes) putRoute(body, route, auth, properties.FailOnWarnings === true, into)
  wrapConditions(id, body.get('paths') as PythonDict, routes, into)
  if (DefinitionBody !== undefined && auth)
    throw unsupportedInTemplate(`Auth beside a DefinitionBody of ${type} (resource ${id})`)
  const schemes = authorizersOf(auth, routes, into)
  if (schemes) body.set('components', new PythonDict([['securitySchemes', schemes]]))
  const cors = corsOf(CorsConfiguration)
  if (cors) body.set('x-amazon-apigateway-cors', cors)
  const tags = { ...((Tags ?? {}) as Properties), ...CREATED_BY }
  body.set(
    'tags',
    Object.entries(tags).map(([name, value]) =>
      fromOwn({ name, 'x-amazon-apigateway-tag-value': fromUser(value) }),
    ),
  )
  if (DisableExecuteApiEndpoint !== undefined)
    body.set('servers', [
      fromOwn({
        'x-amazon-apigateway-endpoint-configuration': {
          disableExecuteApiEndpoint: DisableExecuteApiEndpoint,
        },
      }),
    ])
}

/** AWS: `true` lets every origin in. */
function corsOf(given: unknown): PythonValue {
  if (given === true) return fromOwn({ allowOrigins: ['*'] })
  if (!isMap(given)) return undefined
  return new PythonDict(
    Object.entries(given).map(([name, value]) => [
      `${name[0]!.toLowerCase()}${name.slice(1)}`,
      fromUser(value),
    ]),
  )
}

function putRoute(
  body: PythonDict,
  written: Route,
  auth: HttpAuth | undefined,
  failsOnWarnings: boolean,
  into: Expansion,
): void {
  const { source, properties } = written
  // AWS: an API that fails on warnings gets a path with a slash for what no other path takes.
  const isDefault = written.path === DEFAULT_PATH
  const route = isDefault && failsOnWarnings ? { ...written, path: `/${DEFAULT_PATH}` } : written
  const alias = into.referred.get(source.id)?.get('Alias')
  const integration = functionIntegration(route, httpUri(source.id, alias))
  integration.set('payloadFormatVersion', fromUser(properties.PayloadFormatVersion ?? '2.0'))
  const extra = new PythonDict([['responses', new PythonDict()]])
  if (isDefault) extra.set('isDefaultRoute', true)
  const operation = addRoute(body, route, integration, extra)
  const security = routeSecurity(route, auth)
  if (security) operation.set('security', security)
  const parameters = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) =>
    fromOwn({ name, in: 'path', required: true }),
  )
  if (parameters.length > 0) operation.set('parameters', parameters)
}

const httpUri = (id: string, alias: string | undefined): PythonDict =>
  new PythonDict([
    [
      'Fn::Sub',
      new UserText(
        `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${alias ?? `${id}.Arn`}}/invocations`,
      ),
    ],
  ])
