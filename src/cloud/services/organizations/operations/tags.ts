/** Tags of the root, units, accounts and policies: one set of operations for all. */
import type { Context } from '../../../kernel/context.ts'
import { tagOperations as operationsOnTags } from '../../../kernel/tag-operations.ts'
import { requireManagement } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { isAwsManaged } from '../engine/policy-type.ts'
import { invalidInput, refusal } from '../engine/refusal.ts'
import { keyValue, kindOf } from '../kinds.ts'

interface TagInput {
  readonly ResourceId: string
  readonly NextToken?: string
}

/** Errors: as `requireManagement`; InvalidInputException for a policy of AWS. */
function check({ ResourceId: id }: TagInput, ctx: Context): void {
  requireManagement(ctx)
  if (isAwsManaged({ id }))
    throw invalidInput('TARGET_NOT_SUPPORTED', "You can't perform the operation on this target.")
}

/** Errors: TargetNotFoundException, InvalidInputException, ConstraintViolationException. */
export const tagOperations = operationsOnTags<TagInput>({
  service: 'organizations',
  members: ['Tags', 'TagKeys'],
  form: keyValue,
  resource: ({ ResourceId }) => kindOf(ResourceId).tagged(ResourceId, { absent: () => refusal('noTarget') }),
  check,
  listed: (all, input) => {
    const { items, NextToken } = page(all as object[], input, input.ResourceId)
    return { Tags: items, NextToken }
  },
})
