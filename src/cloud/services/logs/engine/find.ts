/** Looking up log groups and streams, and the permissions on them. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceTagKeys } from '../../../kernel/tags.ts'
import { groups, type LogGroup, type LogStream, policies, streamKey, streams } from '../state.ts'

/** Errors: ResourceNotFoundException. */
export function findGroup(ctx: Context, name: string): LogGroup {
  const found = ctx.table(groups).get(name)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
}

/** Errors: ResourceNotFoundException for the group or the stream. */
export function findStream(ctx: Context, group: string, name: string): LogStream {
  findGroup(ctx, group)
  const found = ctx.table(streams).get(streamKey(group, name))
  if (found) return found
  throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.')
}

/** The streams of a group, by name. */
export function streamsOf(ctx: Context, group: string): LogStream[] {
  const own = ctx
    .table(streams)
    .values()
    .filter((one) => one.group === group)
  return own.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Gives the group's name where a request may name it by `logGroupName` or by `logGroupIdentifier` (a name or an ARN).
 * Errors: InvalidParameterException unless exactly one is given.
 */
export function groupNamed(input: { logGroupName?: string; logGroupIdentifier?: string }): string {
  const { logGroupName, logGroupIdentifier } = input
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
    throw new AwsError(
      'InvalidParameterException',
      'Exactly one of logGroupName and logGroupIdentifier must be specified.',
    )
  return nameFrom(logGroupName ?? logGroupIdentifier!)
}

/** Gives the group's name out of a name or an ARN, with or without a trailing `:*`. */
export function nameFrom(identifier: string): string {
  const resource = parseArn(identifier)?.resource
  return resource?.startsWith('log-group:')
    ? resource.slice('log-group:'.length).replace(/:\*$/, '')
    : identifier
}

export const groupArn = (ctx: Context, name: string): string =>
  formatArn('logs', ctx.region, ctx.account, `log-group:${name}`)

/** AWS: all policies of the account speak together. */
const accountPolicy = (ctx: Context) => {
  const all = ctx.table(policies).values()
  if (!all.length) return undefined
  const Statement = all.flatMap((one) => JSON.parse(one.document).Statement)
  return compiledPolicy(
    JSON.stringify({ Version: '2012-10-17', Statement }),
    'CloudWatch Logs resource policies',
  )
}

/**
 * Access to a group. AWS: every action but those on tags sees the group's ARN with `:log-stream:` behind it, so a
 * policy must name the group with a trailing `:*`.
 */
export const onGroup = (
  ctx: Context,
  action: string,
  name: string,
  context: AccessRequest['context'] = {},
): AccessRequest => ({
  action: `logs:${action}`,
  resource: `${groupArn(ctx, name)}:log-stream:`,
  resourcePolicy: accountPolicy(ctx),
  context: { ...resourceTagKeys(ctx.table(groups).get(name)?.tags), ...context },
})

export const onStream = (ctx: Context, action: string, group: string, stream: string): AccessRequest => ({
  ...onGroup(ctx, action, group),
  resource: `${groupArn(ctx, group)}:log-stream:${stream}`,
})

/** Access for the actions on tags, which see the group's ARN as it is. */
export const onTags = (
  ctx: Context,
  action: string,
  name: string,
  context: AccessRequest['context'] = {},
): AccessRequest => ({ ...onGroup(ctx, action, name, context), resource: groupArn(ctx, name) })
