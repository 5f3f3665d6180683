/** Naming and finding parameters: by name or ARN, with a version or label behind it. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { latestOf, type Parameter, type ParameterVersion } from '../state.ts'

export interface ParameterRef {
  readonly name: string
  /** `:3` or `:label`, as it was given. */
  readonly selector?: string
}

/** Reads a Name: `/a/b`, `/a/b:3`, `/a/b:label` or any of them as an ARN. */
export function reference(text: string): ParameterRef {
  const resource = parseArn(text)?.resource
  const given = resource?.startsWith('parameter/') ? nameOfResource(resource.slice('parameter'.length)) : text
  const colon = given.indexOf(':')
  return colon < 0 ? { name: given } : { name: given.slice(0, colon), selector: given.slice(colon) }
}

/** AWS: the ARN of a name that is no path has its slash added: `parameter/plain`. */
const nameOfResource = (path: string): string => (path.lastIndexOf('/') === 0 ? path.slice(1) : path)

/** AWS: what it publishes itself below `/aws/service` is in no account. */
export const parameterArn = (ctx: Context, name: string): string =>
  formatArn(
    'ssm',
    ctx.region,
    name.startsWith('/aws/service/') ? '' : ctx.account,
    `parameter${name.startsWith('/') ? '' : '/'}${name}`,
  )

export const notFound = (name: string): AwsError =>
  new AwsError('ParameterNotFound', `Parameter ${name} not found.`)

/** Gives the version a selector means, the latest without one. Errors: ParameterVersionNotFound. */
export function selectVersion(parameter: Parameter, selector: string | undefined): ParameterVersion {
  if (selector === undefined) return latestOf(parameter)
  const wanted = selector.slice(1)
  const found = /^\d+$/.test(wanted)
    ? parameter.versions.find((one) => one.version === Number(wanted))
    : parameter.versions.find((one) => one.labels.includes(wanted))
  if (found) return found
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${wanted} of parameter ${parameter.name}. Verify the version and try again.`,
  )
}

/** Access to what lists parameters rather than naming them. */
export const onAll = (ctx: Context, action: string): AccessRequest => ({
  action: `ssm:${action}`,
  resource: formatArn('ssm', ctx.region, ctx.account, '*'),
})
