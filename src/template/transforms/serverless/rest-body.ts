/** The body of a REST API: what its events route where, as OpenAPI. */
import { conditional } from './conditional.ts'
import { isMap, type Properties } from './properties.ts'
import { fromOwn, fromUser, PythonDict, type PythonValue, UserText } from './python-dict.ts'
import { invalid } from './refusals.ts'
import { ANY_METHOD, type Route } from './routes.ts'

/** Gives an empty body. AWS: the title is the stack's name, the version always the same. */
export const emptyBody = (): PythonDict =>
  new PythonDict([
    ['swagger', '2.0'],
    ['info', fromOwn({ version: '1.0', title: { Ref: 'AWS::StackName' } })],
    ['paths', new PythonDict()],
  ])

/** Puts an operation for a route; gives it. */
export function addRoute(
  body: PythonDict,
  route: Route,
  integration: PythonDict,
  extra: PythonDict,
): PythonDict {
  const paths = body.get('paths') as PythonDict
  const known = paths.get(route.path)
  const item = known instanceof PythonDict ? known : new PythonDict()
  if (item !== known) paths.set(new UserText(route.path), item)
  const operation = new PythonDict([['x-amazon-apigateway-integration', integration], ...extra.entries()])
  item.set(route.method === ANY_METHOD ? route.method : new UserText(route.method), operation)
  return operation
}

/** Gives how API Gateway calls a function. */
export function functionIntegration(route: Route, uri: PythonValue): PythonDict {
  const integration = new PythonDict([
    ['type', 'aws_proxy'],
    ['httpMethod', 'POST'],
    ['uri', conditional(route.source.attributes.Condition, uri)],
  ])
  const { TimeoutInMillis } = route.properties
  if (TimeoutInMillis !== undefined) integration.set('timeoutInMillis', fromUser(TimeoutInMillis))
  return integration
}

/** Gives the address under which API Gateway calls a function, or its alias. */
export function functionUri(
  partition: string,
  { id }: { readonly id: string },
  alias: string | undefined,
): PythonDict {
  const text = `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${alias ?? `${id}.Arn`}}/invocations`
  return new PythonDict([['Fn::Sub', alias === undefined ? new UserText(text) : text]])
}

/** Gives how API Gateway starts a state machine. */
export function machineIntegration(route: Route, role: unknown): PythonDict {
  const { id, attributes } = route.source
  const input =
    route.properties.UnescapeMappingTemplate === true
      ? `$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")`
      : "$util.escapeJavaScript($input.json('$'))"
  return new PythonDict([
    ['type', 'aws'],
    ['httpMethod', 'POST'],
    [
      'uri',
      conditional(
        attributes.Condition,
        fromOwn({
          'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution',
        }),
      ),
    ],
    ['responses', fromOwn({ '200': { statusCode: '200' }, '400': { statusCode: '400' } })],
    ['credentials', fromOwn(role)],
    [
      'requestTemplates',
      fromOwn({
        'application/json': { 'Fn::Sub': `{"input": "${input}", "stateMachineArn": "\${${id}}"}` },
      }),
    ],
  ])
}

/** Adds the parameters and the model that a route asks for. Errors: InvalidResource for a model that is not there. */
export function addRequest(
  { operation, body, integration }: { operation: PythonDict; body: PythonDict; integration: PythonDict },
  openApi: boolean,
  route: Route,
  models: Properties,
): void {
  const { RequestModel, RequestParameters } = route.properties
  if (isMap(RequestModel)) addModel({ operation, body, openApi }, route, models)
  if (!Array.isArray(RequestParameters)) return
  const cached: UserText[] = []
  const parameters = RequestParameters.map((one: unknown) => {
    const [text, options] =
      typeof one === 'string' ? [one, {}] : (Object.entries(one as object)[0] as [string, Properties])
    const [, , place, ...name] = text.split('.')
    if (options.Caching === true) cached.push(new UserText(text))
    return new PythonDict([
      ['in', place === 'querystring' ? 'query' : new UserText(place ?? '')],
      ['name', new UserText(name.join('.'))],
      ['type', 'string'],
      ['required', options.Required === true],
    ])
  })
  operation.set('parameters', parameters)
  if (cached.length > 0) integration.set('cacheKeyParameters', cached)
}

function addModel(
  { operation, body, openApi }: { operation: PythonDict; body: PythonDict; openApi: boolean },
  route: Route,
  models: Properties,
): void {
  const { Model, Required, ValidateBody, ValidateParameters } = route.properties.RequestModel as Properties
  if (typeof Model !== 'string' || !Object.hasOwn(models, Model))
    throw invalid(
      `Event with id [${route.event}] is invalid. Unable to set RequestModel [${String(Model)}] on API method [${route.method}] for path [${route.path}] because ${Object.keys(models).length === 0 ? 'the related API does not define any Models.' : "it wasn't defined in the related API's Models."}`,
      [],
      route.source.id,
    )
  const name = Model.toLowerCase()
  if (openApi) {
    operation.set(
      'requestBody',
      fromOwn({
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
        ...(Required !== undefined && { required: Required }),
      }),
    )
  } else {
    const parameter = new PythonDict()
    if (Required !== undefined) parameter.set('required', fromUser(Required))
    parameter.set('name', new UserText(name))
    parameter.set('schema', fromOwn({ $ref: `#/definitions/${name}` }))
    parameter.set('in', 'body')
    operation.set('parameters', [parameter])
  }
  if (ValidateBody === undefined && ValidateParameters === undefined) return
  const [wholeBody, parameters] = [ValidateBody === true, ValidateParameters === true]
  const validator = wholeBody
    ? parameters
      ? 'full'
      : 'body-only'
    : parameters
      ? 'params-only'
      : 'no-validation'
  operation.set('x-amazon-apigateway-request-validator', validator)
  const key = 'x-amazon-apigateway-request-validators'
  const validators = (body.get(key) as PythonDict | undefined) ?? new PythonDict()
  validators.set(
    validator,
    fromOwn({ validateRequestBody: wholeBody, validateRequestParameters: parameters }),
  )
  body.set(key, validators)
}

/** AWS: names of models in lower case. */
export const modelsOf = (models: Properties): PythonDict =>
  new PythonDict(
    Object.entries(models).map(([name, model]) => [new UserText(name.toLowerCase()), fromUser(model)]),
  )

/** Gives the answers of API Gateway itself. */
export function gatewayResponses(given: Properties): PythonDict {
  return new PythonDict(
    Object.entries(given).map(([name, one]) => {
      const {
        ResponseParameters = {},
        ResponseTemplates = {},
        StatusCode,
      } = one as {
        ResponseParameters?: Record<string, Properties>
        ResponseTemplates?: Properties
        StatusCode?: unknown
      }
      const parameters = new PythonDict()
      for (const [kind, places] of [
        ['header', ResponseParameters.Headers],
        ['path', ResponseParameters.Paths],
        ['querystring', ResponseParameters.QueryStrings],
      ] as const)
        for (const [key, value] of Object.entries(places ?? {}))
          parameters.set(new UserText(`gatewayresponse.${kind}.${key}`), fromUser(value))
      const response = new PythonDict()
      if (StatusCode !== undefined) response.set('statusCode', String(StatusCode))
      response.set('responseParameters', parameters)
      response.set('responseTemplates', fromUser(ResponseTemplates))
      return [new UserText(name), response]
    }),
  )
}
