/** TagResource, UntagResource and ListTagsForResource. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalidNextToken } from '../engine/find.ts'
import { pipelines, type StoredPipeline } from '../state.ts'

const LIMIT = 50

type Tags = Readonly<Record<string, string>>

export const tagMap = (tags: readonly { key: string; value: string }[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]))

export const tagList = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))

/** Errors: TooManyTagsException, InvalidTagsException. */
export function checkTags(tags: Tags): void {
  const names = Object.keys(tags)
  if (names.length > LIMIT)
    throw new AwsError('TooManyTagsException', `The tags limit for a resource has been exceeded: ${LIMIT}`)
  const reserved = names.find(
    (name) => name.toLowerCase().startsWith('aws:') && !name.startsWith('aws:cloudformation:'),
  )
  if (reserved)
    throw new AwsError(
      'InvalidTagsException',
      `The tag key ${reserved} is invalid: the prefix aws: is reserved`,
    )
}

/** Errors: ResourceNotFoundException, also for an ARN of another account or region. */
function taggedPipeline(ctx: Context, arn: string): StoredPipeline {
  const parts = parseArn(arn)
  const found = ctx.table(pipelines).get(parts?.resource ?? '')
  if (found?.arn === arn) return found
  throw new AwsError('ResourceNotFoundException', `The resource with the ARN ${arn} was not found`)
}

export const TagResource = operation({
  service: 'codepipeline',
  name: 'TagResource',
  access: (input) => [{ action: 'codepipeline:TagResource', resource: input.resourceArn }],
  run: (input, ctx) => {
    const pipeline = taggedPipeline(ctx, input.resourceArn)
    const tags = { ...pipeline.tags, ...tagMap(input.tags) }
    checkTags(tags)
    ctx.table(pipelines).put(pipeline.name, { ...pipeline, tags })
    return {}
  },
})

export const UntagResource = operation({
  service: 'codepipeline',
  name: 'UntagResource',
  access: (input) => [{ action: 'codepipeline:UntagResource', resource: input.resourceArn }],
  run: (input, ctx) => {
    const pipeline = taggedPipeline(ctx, input.resourceArn)
    const left = Object.entries(pipeline.tags).filter(([key]) => !input.tagKeys.includes(key))
    ctx.table(pipelines).put(pipeline.name, { ...pipeline, tags: Object.fromEntries(left) })
    return {}
  },
})

export const ListTagsForResource = operation({
  service: 'codepipeline',
  name: 'ListTagsForResource',
  access: (input) => [{ action: 'codepipeline:ListTagsForResource', resource: input.resourceArn }],
  run: (input, ctx) => {
    const all = tagList(taggedPipeline(ctx, input.resourceArn).tags)
    const page = paginate(all, {
      token: input.nextToken,
      limit: input.maxResults ?? 100,
      query: input.resourceArn,
      error: invalidNextToken,
    })
    return { tags: page.items, nextToken: page.nextToken }
  },
})
