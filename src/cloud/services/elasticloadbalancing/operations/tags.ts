/** AddTags, RemoveTags and DescribeTags, for several resources at once. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import type { Tagged } from '../../../kernel/tagging.ts'
import { invalid } from '../engine/refuse.ts'
import { tagForm } from '../engine/tag-form.ts'
import { describing, kinds } from '../kinds.ts'

const BY_PREFIX = { loadbalancer: 0, targetgroup: 1, listener: 2, 'listener-rule': 3 } as const

/** Errors: ValidationError for what is no ARN of something with tags. */
function tagged(arn: Arn): Tagged {
  const prefix = parseArn(arn)?.resource.split('/')[0] ?? ''
  if (!Object.hasOwn(BY_PREFIX, prefix)) throw invalid(`'${arn}' is not a valid load balancer ARN`)
  return kinds[BY_PREFIX[prefix as keyof typeof BY_PREFIX]]!.tagged(arn)
}

/** AWS: the permission can be limited to additions in the course of a creation; this call is none. */
export const AddTags = operation({
  service: 'elasticloadbalancing',
  name: 'AddTags',
  access: ({ ResourceArns: arns }, ctx) => arns.map((arn) => tagged(arn).on(ctx, 'AddTags')),
  run: ({ ResourceArns: arns, Tags: tags }, ctx) => {
    checkAll(ctx, arns)
    for (const arn of arns) tagged(arn).add(ctx, tagForm.read(tags))
    return {}
  },
})

export const RemoveTags = operation({
  service: 'elasticloadbalancing',
  name: 'RemoveTags',
  access: ({ ResourceArns: arns }, ctx) => arns.map((arn) => tagged(arn).on(ctx, 'RemoveTags')),
  run: ({ ResourceArns: arns, TagKeys: keys }, ctx) => {
    checkAll(ctx, arns)
    for (const arn of arns) tagged(arn).remove(ctx, keys)
    return {}
  },
})

export const DescribeTags = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeTags',
  access: describing('DescribeTags'),
  run: ({ ResourceArns: arns }, ctx) => {
    if (arns.length > 20) throw new AwsError('ValidationError', 'At most 20 resource ARNs can be specified')
    return {
      TagDescriptions: arns.map((arn) => ({
        ResourceArn: arn,
        Tags: tagForm.write(tagged(arn).tags(ctx)),
      })),
    }
  },
})

/** Nothing is changed where one is not there. */
function checkAll(ctx: Context, arns: readonly Arn[]): void {
  for (const arn of arns) tagged(arn).tags(ctx)
}
