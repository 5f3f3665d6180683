/** Tags of log groups, by ARN and by the older operations that take a name. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { type Tags, tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { findGroup, nameFrom, onTags } from '../engine/find.ts'
import { groups } from '../state.ts'

function tag(ctx: Context, name: string, tags: Tags) {
  const group = findGroup(ctx, name)
  const problem = tagsProblem(group.tags, tags)
  if (problem) throw new AwsError('InvalidParameterException', problem)
  ctx.table(groups).put(name, { ...group, tags: { ...group.tags, ...tags } })
  return {}
}

function untag(ctx: Context, name: string, keys: readonly string[]) {
  const group = findGroup(ctx, name)
  ctx.table(groups).put(name, { ...group, tags: withoutTags(group.tags, keys) })
  return {}
}

export const TagResource = operation({
  service: 'logs',
  name: 'TagResource',
  access: ({ resourceArn }, ctx) => [onTags(ctx, 'TagResource', nameFrom(resourceArn))],
  run: ({ resourceArn, tags }, ctx) => tag(ctx, nameFrom(resourceArn), tags),
})

export const UntagResource = operation({
  service: 'logs',
  name: 'UntagResource',
  access: ({ resourceArn }, ctx) => [onTags(ctx, 'UntagResource', nameFrom(resourceArn))],
  run: ({ resourceArn, tagKeys }, ctx) => untag(ctx, nameFrom(resourceArn), tagKeys),
})

export const ListTagsForResource = operation({
  service: 'logs',
  name: 'ListTagsForResource',
  access: ({ resourceArn }, ctx) => [onTags(ctx, 'ListTagsForResource', nameFrom(resourceArn))],
  run: ({ resourceArn }, ctx) => ({ tags: { ...findGroup(ctx, nameFrom(resourceArn)).tags } }),
})

export const TagLogGroup = operation({
  service: 'logs',
  name: 'TagLogGroup',
  access: ({ logGroupName }, ctx) => [onTags(ctx, 'TagLogGroup', logGroupName)],
  run: ({ logGroupName, tags }, ctx) => tag(ctx, logGroupName, tags),
})

export const UntagLogGroup = operation({
  service: 'logs',
  name: 'UntagLogGroup',
  access: ({ logGroupName }, ctx) => [onTags(ctx, 'UntagLogGroup', logGroupName)],
  run: ({ logGroupName, tags }, ctx) => untag(ctx, logGroupName, tags),
})

export const ListTagsLogGroup = operation({
  service: 'logs',
  name: 'ListTagsLogGroup',
  access: ({ logGroupName }, ctx) => [onTags(ctx, 'ListTagsLogGroup', logGroupName)],
  run: ({ logGroupName }, ctx) => ({ tags: { ...findGroup(ctx, logGroupName).tags } }),
})
