/** The event Cognito: a user pool of the template calls the function. */
import { arnOf, isMap, type Properties } from '../properties.ts'
import { invalid } from '../refusals.ts'
import { calledArn, type ExpandEvent, putPermission } from './event.ts'

export const cognito: ExpandEvent = (event) => {
  const { into, name, properties, target } = event
  const id = isMap(properties.UserPool) ? (properties.UserPool.Ref as string) : undefined
  const pool = into.resource(id)
  if (id === undefined || pool?.Type !== 'AWS::Cognito::UserPool')
    throw invalid(
      `Event with id [${name}] is invalid. Cognito events must reference a Cognito UserPool in the same template.`,
    )
  // AWS: one permission for all the triggers of a pool.
  putPermission({ ...event, id: `${target.source.id}Cognito` }, 'cognito-idp.amazonaws.com', {
    SourceArn: arnOf(id),
  })
  const given = (pool.Properties ?? {}) as Properties
  const triggers = [properties.Trigger].flat().map((trigger) => [String(trigger), calledArn(event)])
  const LambdaConfig = { ...((given.LambdaConfig ?? {}) as Properties), ...Object.fromEntries(triggers) }
  into.change(id, { ...pool, Properties: { ...given, LambdaConfig } })
  return undefined
}
