/** CloudWatch's errors for what it does not take. */
import { AwsError } from '../../../../model/index.ts'

/** AWS: the codes of the query protocol. */
export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message)
export const invalidCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombination', message)
export const missing = (message: string): AwsError => new AwsError('MissingParameter', message)
export const tooMany = (message: string): AwsError => new AwsError('LimitExceeded', message)
export const badToken = (): AwsError => new AwsError('InvalidNextToken', 'The next token is invalid.')

/** What AWS has and the embedded cloud does not. */
export const unsupported = (what: string): AwsError =>
  new AwsError('UnsupportedParameter', `The embedded cloud does not support ${what}.`, { status: 501 })
