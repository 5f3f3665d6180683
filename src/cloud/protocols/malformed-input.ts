/** What each protocol answers when a value is not of the modelled type. */
import { AwsError } from '../../model/index.ts'
import type { ServiceModel } from './model.ts'
import type { MalformedValue } from './scalar.ts'

/** AWS: MalformedInput, MalformedXML or InvalidArgument, SerializationException. */
export function malformedInput(model: ServiceModel, error: MalformedValue): AwsError {
  if (model.protocol === 'query') return new AwsError('MalformedInput', error.message, { status: 400 })
  if (model.name === 's3') {
    const isXml = error.message.startsWith('The XML')
    return new AwsError(isXml ? 'MalformedXML' : 'InvalidArgument', error.message, { status: 400 })
  }
  return new AwsError('SerializationException', error.message, { status: 400 })
}
