/** Going on after the cloud was restarted: actions in progress re-attach, executions move. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { actionRunsOf, pipelines } from '../state.ts'
import { advance, runInBackground } from './advance.ts'
import { ownContext } from './records.ts'

export function resumePipelines(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(pipelines))
    for (const { name } of table.values()) {
      const ctx = ownContext(context({ identity: anonymousIdentity, account, region }), name)
      for (const run of ctx.table(actionRunsOf(name)).values())
        if (run.status === 'InProgress') runInBackground(ctx, run, name)
      advance(ctx, name)
    }
}
