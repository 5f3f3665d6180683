/** Deletes change sets; those of nested stacks go with the one that they are nested in. */
import type { Context } from '../../../kernel/context.ts'
import {
  type ChangeSet,
  changeSets,
  changeSetsByParent,
  changeSetsByStack,
  type Stack,
  stackNames,
  stacks,
} from '../state.ts'

/** Deletes the change sets of a stack. AWS: those that were executed are still found by their ids (`test_name_conflicts` of localstack's recordings). */
export function forgetChangeSets(ctx: Context, stackId: string, except?: string): void {
  for (const set of ctx.table(changeSets).where(changeSetsByStack, stackId))
    if (set.id !== except && set.executionStatus !== 'EXECUTE_COMPLETE') forgetChangeSet(ctx, set.id)
}

/** Deletes a change set with those nested in it. */
export function forgetChangeSet(ctx: Context, id: string): void {
  forgetNested(ctx, id)
  ctx.table(changeSets).delete(id)
}

/** AWS: nested stacks that were made for a set alone, and are still under review, go with it. */
export function forgetNested(ctx: Context, parentId: string): void {
  for (const child of ctx.table(changeSets).where(changeSetsByParent, parentId)) {
    if (!isUnused(child)) continue
    forgetChangeSet(ctx, child.id)
    const stack = ctx.table(stacks).get(child.stackId)
    if (stack?.status === 'REVIEW_IN_PROGRESS') removeUnborn(ctx, stack)
  }
}

const isUnused = (set: ChangeSet): boolean => set.executionStatus === 'UNAVAILABLE'

/** A stack that only ever was under review leaves nothing behind. */
export function removeUnborn(ctx: Context, stack: Stack): void {
  ctx.table(stackNames).delete(stack.name)
  const deleted = { ...stack, status: 'DELETE_COMPLETE' as const, deletedAt: ctx.cloud.clock.now() }
  ctx.table(stacks).put(stack.id, deleted)
}
