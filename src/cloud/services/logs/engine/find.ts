/** Looking up log groups and streams, and the permissions on them. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { groupArn, groupKind } from '../kinds.ts'
import { type LogStream, streamKey, streams } from '../state.ts'

/** Errors: ResourceNotFoundException for the group or the stream. */
export function findStream(ctx: Context, group: string, name: string): LogStream {
  groupKind.find(ctx, group)
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

/** Access to one stream of a group. */
export const onStream = (ctx: Context, action: string, group: string, stream: string): AccessRequest => ({
  ...groupKind.on(ctx, action, group),
  resource: `${groupArn(ctx, group)}:log-stream:${stream}`,
})
