/** Tags of buses and rules. */
import { type Arn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import type { Tagged } from '../../../kernel/tagging.ts'
import { type BusRef, busArn, invalid } from '../engine/find.ts'
import { busKind, ruleKind } from '../kinds.ts'
import { DEFAULT_BUS } from '../state.ts'

/** The bus or rule of an ARN, which must be there. Errors: ValidationException, ResourceNotFoundException. */
function taggedBy(ctx: Context, arn: Arn): Tagged {
  const parts = parseArn(arn)
  const [kind, first = '', second] = parts?.service === 'events' ? parts.resource.split('/') : []
  if (!parts || (kind !== 'rule' && kind !== 'event-bus'))
    throw invalid(`Parameter ResourceARN is not valid. Reason: Provided Arn is not in correct format.`)
  const { account, region } = parts
  const refOf = (name: string): BusRef => ({ name, account, region, arn: busArn(region, account, name) })
  if (kind === 'event-bus') {
    busKind.find(ctx, refOf(first))
    return busKind.tagged(refOf(first))
  }
  const named = [refOf(second === undefined ? DEFAULT_BUS : first), second ?? first] as const
  ruleKind.find(ctx, named)
  return ruleKind.tagged(named)
}

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly ResourceARN: Arn }>(
  {
    service: 'events',
    members: ['Tags', 'TagKeys'],
    form: tagPairs('Key', 'Value'),
    resource: ({ ResourceARN }, ctx) => taggedBy(ctx, ResourceARN),
  },
)
