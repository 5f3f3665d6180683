/** The kinds of resources that Systems Manager keeps. */
import { AwsError } from '../../../model/index.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { notFound, parameterArn } from './engine/find.ts'
import { type Parameter, parameters } from './state.ts'

/** A parameter, named by its name, whose leading slash may be left out. */
export const parameterKind = resourceKind({
  service: 'ssm',
  table: parameters,
  key: (parameter) => parameter.name,
  found: (ctx, name: string) => {
    const table = ctx.table(parameters)
    const record = table.get(name) ?? table.get(`/${name}`)
    const { account, region } = ctx
    return { record, arn: record?.arn ?? parameterArn(ctx, name), account, region, name }
  },
  absent: ({ name }) => notFound(name),
  policy: 'none',
  // AWS: Systems Manager has a condition key of its own for tags beside aws:ResourceTag.
  tags: tagsInRecord<Parameter>({
    join: joinTags((problem) => new AwsError('ValidationException', problem)),
    prefixes: ['aws:ResourceTag/', 'ssm:resourceTag/'],
    creation: 'AddTagsToResource',
  }),
})

export const kinds = [parameterKind]
