/** Naming and finding functions: by name, partial ARN or ARN, with a version or alias behind it. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceTagKeys } from '../../../kernel/tags.ts'
import {
  type Alias,
  aliases,
  type FunctionVersion,
  functions,
  LATEST,
  policies,
  type StoredFunction,
  versions,
} from '../state.ts'

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

/** Errors: ResourceNotFoundException. */
export function findFunction(ctx: Context, ref: FunctionRef): StoredFunction {
  const found = ref.region === ctx.region && ctx.table(functions, ref.account, ref.region).get(ref.name)
  if (found) return found
  throw notFound(ref.qualifiedArn)
}

export const findAlias = (ctx: Context, ref: FunctionRef, name: string): Alias | undefined =>
  ctx.table(aliases, ref.account, ref.region).get(`${ref.name}:${name}`)

/**
 * Gives the version that a reference means; through an alias the one it points at (not the weighted one).
 * Errors: ResourceNotFoundException.
 */
export function findVersion(ctx: Context, ref: FunctionRef): FunctionVersion {
  findFunction(ctx, ref)
  const table = ctx.table(versions, ref.account, ref.region)
  const qualifier = ref.qualifier ?? LATEST
  const found =
    table.get(`${ref.name}:${qualifier}`) ??
    table.get(`${ref.name}:${findAlias(ctx, ref, qualifier)?.version}`)
  if (found) return found
  throw notFound(ref.qualifiedArn)
}

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

/** Access to a function: its tags, and the policy of exactly what the request names. */
export function onFunction(
  ctx: Context,
  action: string,
  ref: FunctionRef,
  context: AccessRequest['context'] = {},
): AccessRequest {
  const stored = ctx.table(policies, ref.account, ref.region).get(policyKey(ref))
  const found = ctx.table(functions, ref.account, ref.region).get(ref.name)
  return {
    action: `lambda:${action}`,
    resource: ref.qualifiedArn,
    resourceAccount: ref.account,
    resourcePolicy:
      stored && compiledBoundPolicy(stored.policy, ctx.cloud.directory, `policy of ${ref.qualifiedArn}`),
    context: { ...resourceTagKeys(found?.tags), ...context },
  }
}

/** Access declared for operations whose input names a function and perhaps a qualifier. */
export const accessTo =
  (action: string) =>
  (input: { FunctionName: string; Qualifier?: string }, ctx: Context): AccessRequest[] => [
    onFunction(ctx, action, reference(ctx, input.FunctionName, input.Qualifier)),
  ]

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
