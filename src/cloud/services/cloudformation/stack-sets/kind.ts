/** The kind of resource that a stack set is. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceKind } from '../../../kernel/resource-kind.ts'
import { tagsSeen } from '../../../kernel/tagging.ts'
import { type StackSet, stackSetNames, stackSets } from './state.ts'

/** A stack set, named by the name it holds now, by its id, or by its ARN. */
export const stackSetKind = resourceKind({
  service: 'cloudformation',
  table: stackSets,
  key: ({ id }) => id,
  found: (ctx, named: string) => {
    const plain = named.replace(/^arn:.*:stackset\//, '')
    const id = plain.includes(':') ? plain : ctx.table(stackSetNames).get(plain)
    const record = id === undefined ? undefined : ctx.table(stackSets).get(id)
    const none = formatArn(
      'cloudformation',
      ctx.region,
      ctx.account,
      `stackset/${plain}${plain.includes(':') ? '' : ':*'}`,
    )
    return { record, arn: record?.arn ?? none, account: ctx.account, region: ctx.region, named: plain }
  },
  absent: ({ named }) =>
    new AwsError('StackSetNotFoundException', `StackSet ${named} not found`, { status: 404 }),
  policy: 'none',
  tags: tagsSeen<StackSet>(({ tags }) => tags),
})

/** Errors: StackSetNotFoundException, also once it was deleted. */
export function liveSet(ctx: Context, named: string): StackSet {
  const found = stackSetKind.find(ctx, named)
  if (!found.deleted) return found
  throw new AwsError('StackSetNotFoundException', `StackSet ${named} not found`, { status: 404 })
}
