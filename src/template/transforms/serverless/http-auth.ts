/** Auth of an HTTP API: who may call which route. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import {
  functionPlace,
  identitySources,
  noSuchAuthorizer,
  putAuthorizerPermission,
  requireDefault,
} from './authorizers.ts'
import type { Expansion, Serverless } from './expansion.ts'
import { isMap, type Properties } from './properties.ts'
import { fromOwn, fromUser, PythonDict, type PythonValue, UserText } from './python-dict.ts'
import { invalid } from './refusals.ts'
import type { Route } from './routes.ts'

export interface HttpAuth {
  readonly authorizers: Properties
  readonly fallback?: string
  readonly iam: boolean
}

/** Errors: InvalidResource; TemplateFault for what is not carried out. */
export function httpAuth(given: unknown): HttpAuth | undefined {
  if (!isMap(given)) return undefined
  for (const name of Object.keys(given))
    if (!['Authorizers', 'DefaultAuthorizer', 'EnableIamAuthorizer'].includes(name))
      throw unsupportedInTemplate(`${name} in Auth of AWS::Serverless::HttpApi`)
  const authorizers = isMap(given.Authorizers) ? given.Authorizers : {}
  const iam = given.EnableIamAuthorizer === true
  const fallback = given.DefaultAuthorizer as string | undefined
  requireDefault(fallback, fallback === 'AWS_IAM' && iam, authorizers)
  return { authorizers, fallback, iam }
}

/** Gives what the body says of its authorizers; undefined where there are none. */
export function authorizersOf(
  auth: HttpAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): PythonDict | undefined {
  const schemes = new PythonDict(
    Object.entries(auth?.authorizers ?? {}).map(([name, one]) => [
      new UserText(name),
      authorizer(name, one as Properties, into),
    ]),
  )
  const asked = routes.some(({ properties: { Auth } }) => isMap(Auth) && Auth.Authorizer === 'AWS_IAM')
  if (auth?.iam || asked)
    schemes.set(
      'AWS_IAM',
      fromOwn({
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      }),
    )
  return schemes.size > 0 ? schemes : undefined
}

function authorizer(name: string, given: Properties, into: Expansion): PythonValue {
  const { FunctionArn, JwtConfiguration, IdentitySource } = given
  if (FunctionArn === undefined)
    return fromOwn({
      type: 'oauth2',
      'x-amazon-apigateway-authorizer': {
        jwtConfiguration: lowered(JwtConfiguration),
        identitySource: fromUser(IdentitySource),
        type: 'jwt',
      },
    })
  const identity = (isMap(given.Identity) ? given.Identity : {}) as Properties
  if (given.AuthorizerPayloadFormatVersion === undefined)
    throw invalid(
      `LambdaAuthorizer property 'AuthorizerPayloadFormatVersion' of authorizer '${name}' is required.`,
      ['Properties', 'Auth', 'Authorizers', name],
    )
  const sources = identitySources(identity, SOURCES)
  const known: [string, unknown][] = [
    ['authorizerCredentials', given.FunctionInvokeRole],
    ['authorizerResultTtlInSeconds', identity.ReauthorizeEvery],
    ['identitySource', sources.length > 0 ? sources : undefined],
    ['authorizerPayloadFormatVersion', given.AuthorizerPayloadFormatVersion],
    ['enableSimpleResponses', given.EnableSimpleResponses],
  ]
  const said = new PythonDict([
    ['type', 'request'],
    [
      'authorizerUri',
      fromOwn({ 'Fn::Sub': [functionPlace(into), { __FunctionArn__: fromUser(FunctionArn) }] }),
    ],
  ])
  for (const [key, value] of known) if (value !== undefined) said.set(key, fromUser(value))
  return new PythonDict([
    ['type', 'apiKey'],
    ['name', 'Unused'],
    ['in', 'header'],
    ['x-amazon-apigateway-authorizer', said],
  ])
}

/** AWS: JWT configurations are written with small or capital initials. */
const lowered = (given: unknown): unknown =>
  isMap(given)
    ? new PythonDict(
        Object.entries(given).map(([key, value]) => [
          `${key[0]!.toLowerCase()}${key.slice(1)}`,
          fromUser(value),
        ]),
      )
    : undefined

/** How an HTTP API names what a request has. */
const SOURCES = {
  Headers: '$request.header.',
  QueryStrings: '$request.querystring.',
  StageVariables: '$stageVariables.',
  Context: '$context.',
} as const

/** Gives who may call a route; undefined where anyone may. Errors: InvalidResource for an authorizer that is not there. */
export function routeSecurity(route: Route, auth: HttpAuth | undefined): PythonValue[] | undefined {
  const own = (isMap(route.properties.Auth) ? route.properties.Auth : {}) as Properties
  const name = (own.Authorizer ?? auth?.fallback) as string | undefined
  if (name === undefined || (name === 'NONE' && auth?.fallback === undefined)) return undefined
  if (name !== 'NONE' && name !== 'AWS_IAM' && !Object.hasOwn(auth?.authorizers ?? {}, name))
    throw noSuchAuthorizer(route, name, auth !== undefined)
  const scopes =
    own.AuthorizationScopes ?? (auth?.authorizers[name] as Properties | undefined)?.AuthorizationScopes ?? []
  return [new PythonDict([[new UserText(name), fromUser(scopes)]])]
}

/** Lets API Gateway call the functions that tell who calls, where that is asked for. */
export function putHttpAuthorizerPermissions(
  source: Serverless,
  auth: HttpAuth | undefined,
  into: Expansion,
): void {
  for (const [name, one] of Object.entries(auth?.authorizers ?? {})) {
    const { FunctionArn: FunctionName, EnableFunctionDefaultPermissions } = one as Properties
    if (FunctionName === undefined || EnableFunctionDefaultPermissions !== true) continue
    putAuthorizerPermission(source, { name, FunctionName, partition: '${AWS::Partition}' }, into)
  }
}
