/** The change set that says what becomes of a nested stack in the execution of the set around it. */
import type { Context } from '../../../kernel/context.ts'
import { type ChangeSet, changeSets, changeSetsByParent, type Stack } from '../state.ts'

/** Gives the set of a nested stack, while the one around it is executed and has not come to it yet. */
export function nestedSetOf(ctx: Context, parent: Stack, logicalId: string): ChangeSet | undefined {
  const table = ctx.table(changeSets)
  const around = parent.changeSetId === undefined ? undefined : table.get(parent.changeSetId)
  if (around?.executionStatus !== 'EXECUTE_IN_PROGRESS') return undefined
  return table
    .where(changeSetsByParent, around.id)
    .find((set) => set.nestedIn?.logicalId === logicalId && set.executionStatus === 'UNAVAILABLE')
}
