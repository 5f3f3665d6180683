/** Naming and finding functions: by name, partial ARN or ARN, with a version or alias behind it. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Alias, aliases, type FunctionVersion, LATEST, versions } from '../state.ts'

/** Where a request points. */
export interface FunctionRef {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly qualifier?: string
  /** Without the qualifier. */
  readonly arn: string
  /** With it, where there is one. */
  readonly qualifiedArn: string
}

const NAME =
  /^(?:arn:aws[\w-]*:lambda:([a-z0-9-]+):(\d{12}):function:|(?:(\d{12}):)?function:|(\d{12}):function:)?([\w-]{1,140})(?::(\$LATEST|[\w-]+))?$/

/**
 * Reads a FunctionName with the Qualifier that may come beside it.
 * Errors: ValidationException for what names no function, InvalidParameterValueException for two different qualifiers.
 */
export function reference(ctx: Context, functionName: string, qualifier?: string): FunctionRef {
  const found = NAME.exec(functionName)
  if (!found)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${functionName}' at 'functionName' failed to satisfy constraint: Member must ` +
        'satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?' +
        '(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
    )
  const [, region = ctx.region, fullAccount, partialAccount, barePartial, name, own] = found
  if (own && qualifier && own !== qualifier)
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    )
  const account = fullAccount ?? partialAccount ?? barePartial ?? ctx.account
  const arn = formatArn('lambda', region, account, `function:${name}`)
  const chosen = own ?? qualifier
  return {
    name: name!,
    account,
    region,
    qualifier: chosen,
    arn,
    qualifiedArn: chosen ? `${arn}:${chosen}` : arn,
  }
}

export const notFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { fields: { Type: 'User' } })

export const findAlias = (ctx: Context, ref: FunctionRef, name: string): Alias | undefined =>
  ctx.table(aliases, ref.account, ref.region).get(`${ref.name}:${name}`)

/** The versions of a function, `$LATEST` first, then by number. */
export function versionsOf(ctx: Context, name: string): FunctionVersion[] {
  const own = ctx
    .table(versions)
    .values()
    .filter((one) => one.functionName === name)
  const order = (one: FunctionVersion) => (one.version === LATEST ? 0 : Number(one.version))
  return own.sort((a, b) => order(a) - order(b))
}

export const aliasesOf = (ctx: Context, name: string): Alias[] =>
  ctx
    .table(aliases)
    .values()
    .filter((one) => one.functionName === name)
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** The key of a policy: that of the function, or of one of its versions or aliases. */
export const policyKey = (ref: FunctionRef): string =>
  ref.qualifier ? `${ref.name}:${ref.qualifier}` : ref.name

/** The time as Lambda writes it. */
export const lambdaTime = (date: Date): string => date.toISOString().replace('Z', '+0000')

/** Errors: PreconditionFailedException when a revision is named and is not the latest. */
export function checkRevision(given: string | undefined, actual: string): void {
  if (given !== undefined && given !== actual)
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve ' +
        'the latest Revision Id',
    )
}
