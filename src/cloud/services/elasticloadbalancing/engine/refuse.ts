/** The errors of Elastic Load Balancing for what it does not take. */
import { AwsError } from '../../../../model/index.ts'

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message)
export const badConfiguration = (message: string): AwsError =>
  new AwsError('InvalidConfigurationRequestException', message)

/** What AWS has and the embedded cloud does not; `instead` says what to do. */
export const unsupported = (what: string, instead: string): AwsError =>
  new AwsError('UnsupportedParameter', `The embedded cloud does not support ${what}. ${instead}`, {
    status: 501,
  })

export const badMarker = (): AwsError => invalid('The marker is not valid')
