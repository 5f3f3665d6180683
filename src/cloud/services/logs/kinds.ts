/** The kinds of resources that CloudWatch Logs keeps. */
import { AwsError, formatArn } from '../../../model/index.ts'
import { compiledPolicy } from '../../kernel/compiled-policy.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { groups, type LogGroup, policies } from './state.ts'

const TAG_ACTIONS: ReadonlySet<string> = new Set([
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
  'TagLogGroup',
  'UntagLogGroup',
  'ListTagsLogGroup',
])

export const groupArn = (ctx: Context, name: string): string =>
  formatArn('logs', ctx.region, ctx.account, `log-group:${name}`)

/** AWS: all policies of the account speak together. */
function accountPolicy(ctx: Context) {
  const all = ctx.table(policies).values()
  if (!all.length) return undefined
  const Statement = all.flatMap((one) => JSON.parse(one.document).Statement)
  return compiledPolicy(JSON.stringify({ Version: '2012-10-17', Statement }), {
    kind: 'resource',
    owner: formatArn('logs', ctx.region, ctx.account, '*'),
    name: 'CloudWatch Logs resource policies',
  })
}

/**
 * A log group, named by its name. AWS: every action but those on tags sees its ARN with `:log-stream:` behind it, so a
 * policy must name the group with a trailing `:*`.
 */
export const groupKind = resourceKind({
  service: 'logs',
  table: groups,
  key: (group) => group.name,
  found: (ctx, name: string) => {
    const { account, region } = ctx
    return { record: ctx.table(groups).get(name), arn: groupArn(ctx, name), account, region }
  },
  absent: () => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'),
  policy: (_found, ctx) => accountPolicy(ctx),
  tags: tagsInRecord<LogGroup>({
    join: joinTags((problem) => new AwsError('InvalidParameterException', problem)),
    creation: 'TagResource',
  }),
  access: ({ arn }, action) => ({ resource: TAG_ACTIONS.has(action) ? arn : `${arn}:log-stream:` }),
})

export const kinds = [groupKind]
