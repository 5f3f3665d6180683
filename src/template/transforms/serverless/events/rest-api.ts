/** The event Api: a route of a REST API. Its body is made with the API. */
import { stageSuffix } from '../logical-id.ts'
import { apiOf } from '../routes.ts'
import { type ExpandEvent, putPermission } from './event.ts'
import { startingRole } from './rule.ts'

export const restApi: ExpandEvent = (event) => {
  const { into, name, properties, target } = event
  const api = apiOf('Api', name, properties, into)
  if (target.kind === 'StateMachine') {
    startingRole(event, 'apigateway.amazonaws.com')
    return undefined
  }
  const stage = api === undefined ? '*' : api === 'ServerlessRestApi' ? 'Prod' : stageOf(into.given.get(api))
  const method = String(properties.Method).toUpperCase()
  const path = String(properties.Path).replace(/\{[^}]*\}/g, '*')
  putPermission(
    event,
    'apigateway.amazonaws.com',
    {
      SourceArn: {
        'Fn::Sub': [
          `arn:${into.partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/\${__Stage__}/${method === 'ANY' ? '*' : method}${path}`,
          { __ApiId__: api === undefined ? properties.RestApiId : { Ref: api }, __Stage__: '*' },
        ],
      },
    },
    stageSuffix(stage, '') || 'Stage',
  )
  return undefined
}

const stageOf = (api: { readonly Properties?: unknown } | undefined): unknown =>
  (api?.Properties as { StageName?: unknown } | undefined)?.StageName
