/** The event HttpApi: a route of an HTTP API. Its body is made with the API. */
import type { Properties } from '../properties.ts'
import { apiOf } from '../routes.ts'
import { type Event, type ExpandEvent, putPermission } from './event.ts'

/** AWS: an event for all that no other route takes lets the API call the function for any. */
function takesAll({ target, into }: Event, api: string | undefined): boolean {
  const { Events } = target.source.properties
  return Object.entries(Events as Properties).some(([name, one]) => {
    const { Type, Properties: given = {} } = one as { Type?: unknown; Properties?: Properties }
    return Type === 'HttpApi' && given.Path === undefined && apiOf('HttpApi', name, given, into) === api
  })
}

export const httpApi: ExpandEvent = (event) => {
  const { into, name, properties } = event
  const api = apiOf('HttpApi', name, properties, into)
  const { Path, Method } = properties
  if (Path !== undefined && takesAll(event, api)) return undefined
  const method = String(Method ?? 'any').toUpperCase()
  const place =
    Path === undefined
      ? '/*'
      : `/${method === 'ANY' ? '*' : method}${String(Path).replace(/\{[^}]*\}/g, '*')}`
  putPermission(event, 'apigateway.amazonaws.com', {
    SourceArn: {
      'Fn::Sub': [
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/\${__Stage__}${place}`,
        { __ApiId__: api === undefined ? properties.ApiId : { Ref: api }, __Stage__: '*' },
      ],
    },
  })
  return undefined
}
