/** Goes on, when the cloud starts, with the operations that its end interrupted. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { prepare } from '../change-set/prepare.ts'
import { changeSets, stacks } from '../state.ts'
import { resume } from './begin.ts'
import { isBusy } from './run-stack.ts'

/** What was finished is not done again: every resource's record says how far it came. */
export function resumeInterrupted(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(stacks))
    for (const stack of table.values())
      if (isBusy(stack) && stack.operation)
        resume(context({ identity: stack.operation.identity, account, region }), stack)
  for (const { account, region, table } of cloud.store.everywhere(changeSets))
    for (const set of table.values()) {
      const operation = cloud.store.of(stacks, account, region).get(set.stackId)?.operation
      const isPending = set.status === 'CREATE_PENDING' || set.status === 'CREATE_IN_PROGRESS'
      if (!operation || !isPending || set.nestedIn) continue
      const ctx = context({ identity: operation.identity, account, region })
      ctx.spawn(`change set ${set.name}`, () => prepare(ctx, set.id))
    }
}
