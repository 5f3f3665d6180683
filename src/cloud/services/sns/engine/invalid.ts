/** How SNS refuses a parameter. */
import { AwsError } from '../../../../model/index.ts'

export const invalid = (what: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}`)
