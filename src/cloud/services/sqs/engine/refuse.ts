/** SQS's errors for what it does not take. */
import { AwsError } from '../../../../model/index.ts'

export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message)
export const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)
export const badAttribute = (name: string): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)
export const unsupported = (message: string): AwsError => new AwsError('UnsupportedOperation', message)
export const badHandle = (handle: string): AwsError =>
  new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  )
