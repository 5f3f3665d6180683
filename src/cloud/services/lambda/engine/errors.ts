/** Errors that many operations of Lambda answer with. */
import { AwsError } from '../../../../model/index.ts'

export const invalidValue = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { fields: { Type: 'User' } })
