/** What the authorizers of both kinds of API have in common. */
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import type { Properties } from './properties.ts'
import { invalid } from './refusals.ts'
import type { Route } from './routes.ts'

/** Errors: InvalidResource for a default authorizer that is not among the authorizers. */
export function requireDefault(name: string | undefined, isBuiltIn: boolean, authorizers: Properties): void {
  if (name === undefined || isBuiltIn || Object.hasOwn(authorizers, name)) return
  throw invalid(`Unable to set DefaultAuthorizer because '${name}' was not defined in 'Authorizers'.`, [
    'Properties',
    'Auth',
    'DefaultAuthorizer',
  ])
}

/** Gives what is thrown for a route that names an authorizer which its API does not have. */
export const noSuchAuthorizer = ({ event, method, path, source }: Route, name: string, hasAuth: boolean) =>
  invalid(
    `Event with id [${event}] is invalid. Unable to set Authorizer [${name}] on API method [${method}] for path [${path}] because ${hasAuth ? "it wasn't defined in the API's Authorizers." : 'the related API does not define any Authorizers.'}`,
    [],
    source.id,
  )

/** The place that API Gateway calls a function at, for Fn::Sub with `__FunctionArn__`. */
export const functionPlace = ({ partition }: Expansion): string =>
  `arn:${partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${__FunctionArn__}/invocations`

/** Gives what an authorizer looks at, in the order of the translator; `named` says how the API calls each kind. */
export const identitySources = (
  identity: Properties,
  named: Readonly<Record<'Headers' | 'QueryStrings' | 'StageVariables' | 'Context', string>>,
): string[] =>
  Object.entries(named).flatMap(([kind, prefix]) =>
    ((identity[kind] ?? []) as readonly string[]).map((one) => `${prefix}${one}`),
  )

/** Lets API Gateway call a function that tells who calls an API of a partition, which may be told by Fn::Sub. */
export function putAuthorizerPermission(
  { id, attributes }: Serverless,
  authorizer: { readonly name: string; readonly FunctionName: unknown; readonly partition: string },
  into: Expansion,
): void {
  const { name, FunctionName, partition } = authorizer
  into.put(
    `${id}${name}AuthorizerPermission`,
    'AWS::Lambda::Permission',
    {
      Action: 'lambda:InvokeFunction',
      FunctionName,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Sub': [
          `arn:${partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/authorizers/*`,
          { __ApiId__: { Ref: id } },
        ],
      },
    },
    passedOn(attributes),
  )
}
