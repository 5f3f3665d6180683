/** What each protocol answers when a value is not of the modelled type. */
import { AwsError } from '../../model/index.ts'
import type { ServiceModel } from './model.ts'
import type { MalformedValue } from './scalar.ts'

/** AWS: MalformedInput of the query protocol, SerializationException of the JSON ones, or the service's own. */
export function malformedInput(model: ServiceModel, error: MalformedValue): AwsError {
  const own = model.wire?.malformed?.(error.message)
  if (own) return own
  if (model.protocol === 'query') return new AwsError('MalformedInput', error.message, { status: 400 })
  return new AwsError('SerializationException', error.message, { status: 400 })
}
