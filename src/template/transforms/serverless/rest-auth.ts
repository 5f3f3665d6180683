/** Auth of a REST API: who may call which route. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { functionPlace, identitySources, noSuchAuthorizer, requireDefault } from './authorizers.ts'
import type { Expansion } from './expansion.ts'
import { isMap, type Properties } from './properties.ts'
import { fromOwn, fromUser, PythonDict, type PythonValue, UserText } from './python-dict.ts'
import { invalid } from './refusals.ts'
import type { Route } from './routes.ts'

export interface RestAuth {
  readonly authorizers: Properties
  readonly fallback?: string
  readonly keyRequired: boolean
  readonly given: Properties
}

const SUPPORTED = `AddDefaultAuthorizerToCorsPreflight ApiKeyRequired Authorizers DefaultAuthorizer InvokeRole
  ResourcePolicy UsagePlan`.split(/\s+/)

/** Errors: InvalidResource; TemplateFault for what is not carried out. */
export function restAuth(given: unknown): RestAuth | undefined {
  if (!isMap(given)) return undefined
  for (const name of Object.keys(given))
    if (!SUPPORTED.includes(name)) throw unsupportedInTemplate(`${name} in Auth of AWS::Serverless::Api`)
  const authorizers = isMap(given.Authorizers) ? given.Authorizers : {}
  const fallback = given.DefaultAuthorizer as string | undefined
  requireDefault(fallback, fallback === 'AWS_IAM', authorizers)
  return { authorizers, fallback, keyRequired: given.ApiKeyRequired === true, given }
}

const API_KEY = { type: 'apiKey', name: 'x-api-key', in: 'header' }

/** Gives what the body says of its authorizers; undefined where there are none. */
export function securityDefinitions(
  auth: RestAuth | undefined,
  routes: readonly Route[],
  into: Expansion,
): PythonDict | undefined {
  const definitions = new PythonDict()
  const ofRoutes = routes.map(({ properties: { Auth } }) => (isMap(Auth) ? Auth : {}))
  if (ofRoutes.some(({ Authorizer }) => Authorizer === 'AWS_IAM'))
    definitions.set('AWS_IAM', iamAuthorizer(true))
  if (auth?.fallback === 'AWS_IAM') definitions.set(new UserText('AWS_IAM'), iamAuthorizer())
  for (const [name, one] of Object.entries(auth?.authorizers ?? {}))
    definitions.set(new UserText(name), authorizer(name, one as Properties, into))
  if (auth?.keyRequired || ofRoutes.some(({ ApiKeyRequired }) => ApiKeyRequired === true))
    definitions.set('api_key', fromOwn(API_KEY))
  return definitions.size > 0 ? definitions : undefined
}

function iamAuthorizer(ofRoute = false): PythonDict {
  const place: [string, string] = ['in', 'header']
  const rest: [string, string][] = [
    ['name', 'Authorization'],
    ['x-amazon-apigateway-authtype', 'awsSigv4'],
  ]
  return new PythonDict([['type', 'apiKey'], ...(ofRoute ? [place, ...rest] : [...rest, place])])
}

function authorizer(name: string, given: Properties, into: Expansion): PythonDict {
  const { UserPoolArn, FunctionArn, FunctionPayloadType } = given
  const identity = (isMap(given.Identity) ? given.Identity : {}) as Properties
  const request = FunctionPayloadType === 'REQUEST'
  const header = identity.Header ?? undefined
  const kind = UserPoolArn !== undefined ? 'cognito_user_pools' : 'custom'
  if (UserPoolArn === undefined && FunctionArn === undefined)
    throw invalid(`Please provide FunctionArn or UserPoolArn for authorizer '${name}'.`, [
      'Properties',
      'Auth',
    ])
  const source: PythonValue = request ? 'Unused' : header === undefined ? 'Authorization' : fromUser(header)
  return new PythonDict([
    ['type', 'apiKey'],
    ['name', source],
    [
      'x-amazon-apigateway-authorizer',
      kind === 'custom'
        ? lambdaAuthorizer(given, identity, request, into)
        : poolAuthorizer(UserPoolArn, identity),
    ],
    ['x-amazon-apigateway-authtype', kind],
    ['in', 'header'],
  ])
}

function poolAuthorizer(arn: unknown, { ValidationExpression }: Properties): PythonDict {
  const arns = Array.isArray(arn) ? arn : [arn]
  const authorizer = new PythonDict([
    ['type', 'cognito_user_pools'],
    ['providerARNs', arns.map(fromUser)],
  ])
  if (ValidationExpression !== undefined)
    authorizer.set('identityValidationExpression', fromUser(ValidationExpression))
  return authorizer
}

function lambdaAuthorizer(
  given: Properties,
  identity: Properties,
  request: boolean,
  into: Expansion,
): PythonDict {
  const authorizer = new PythonDict([
    [
      'authorizerUri',
      new PythonDict([
        [
          'Fn::Sub',
          [functionPlace(into), new PythonDict([['__FunctionArn__', fromUser(given.FunctionArn)]])],
        ],
      ]),
    ],
    ['type', request ? 'request' : 'token'],
  ])
  if (request) {
    const sources = identitySources(identity, SOURCES).join(', ')
    if (sources !== '') authorizer.set('identitySource', new UserText(sources))
  }
  if (given.FunctionInvokeRole !== undefined && given.FunctionInvokeRole !== 'NONE')
    authorizer.set('authorizerCredentials', fromUser(given.FunctionInvokeRole))
  if (identity.ReauthorizeEvery !== undefined)
    authorizer.set('authorizerResultTtlInSeconds', fromUser(identity.ReauthorizeEvery))
  if (!request && identity.ValidationExpression !== undefined)
    authorizer.set('identityValidationExpression', fromUser(identity.ValidationExpression))
  return authorizer
}

/** How a REST API names what a request has. */
const SOURCES = {
  Headers: 'method.request.header.',
  QueryStrings: 'method.request.querystring.',
  StageVariables: 'stageVariables.',
  Context: 'context.',
} as const

/** Gives who may call a route; undefined where anyone may. Errors: InvalidResource for an authorizer that is not there. */
export function routeSecurity(route: Route, auth: RestAuth | undefined): PythonValue[] | undefined {
  const own = (isMap(route.properties.Auth) ? route.properties.Auth : {}) as Properties
  const key = own.ApiKeyRequired === true || (auth?.keyRequired === true && own.ApiKeyRequired !== false)
  const name = (own.Authorizer ?? auth?.fallback) as string | undefined
  const known =
    name === undefined ||
    name === 'NONE' ||
    name === 'AWS_IAM' ||
    Object.hasOwn(auth?.authorizers ?? {}, name)
  if (!known) throw noSuchAuthorizer(route, name, auth !== undefined)
  const security: PythonDict[] = []
  if (name !== undefined && (name !== 'NONE' || auth?.fallback !== undefined)) {
    const scopes =
      own.AuthorizationScopes ??
      (auth?.authorizers[name] as Properties | undefined)?.AuthorizationScopes ??
      []
    security.push(new PythonDict([[new UserText(name), fromUser(scopes)]]))
  }
  if (key) {
    const required = new PythonDict([['api_key', []]])
    // AWS: the key comes first where the route itself asks for it.
    if (own.ApiKeyRequired === true) security.unshift(required)
    else security.push(required)
  }
  return security.length > 0 ? security : undefined
}

/** Gives what API Gateway calls a function as; undefined where the function's own policy lets it. */
export function routeCredentials(route: Route, auth: RestAuth | undefined): PythonValue {
  const own = (isMap(route.properties.Auth) ? route.properties.Auth : {}) as Properties
  const name = own.Authorizer ?? auth?.fallback
  // AWS: a role of the route counts only beside an authorizer of its own.
  if (name !== 'AWS_IAM' || (own.Authorizer === undefined && own.InvokeRole !== undefined)) return undefined
  const role = own.InvokeRole ?? auth?.given.InvokeRole ?? 'CALLER_CREDENTIALS'
  if (role === 'NONE') return undefined
  return role === 'CALLER_CREDENTIALS' ? 'arn:aws:iam::*:user/*' : fromUser(role)
}
