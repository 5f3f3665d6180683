/** Where values of a build's environment come from: parameters and secrets, as they are named there. */
import { formatArn, type Target } from '../model/index.ts'

/** Gives the ARN of a parameter that is named, or its own. */
export const parameterArn = (name: string, { account, region }: Target): string =>
  name.startsWith('arn:') ? name : formatArn('ssm', region, account, `parameter/${name.replace(/^\//, '')}`)

/** AWS: `secret-id:json-key:version-stage:version-id`; a secret's ARN ends in six characters AWS makes up. */
export function secretArn(reference: string, { account, region }: Target): string {
  if (reference.startsWith('arn:')) return reference.split(':').slice(0, 7).join(':')
  return formatArn('secretsmanager', region, account, `secret:${reference.split(':')[0]}-??????`)
}
