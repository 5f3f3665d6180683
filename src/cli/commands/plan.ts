/** `crossdock plan`: what `deploy` would do, and nothing of it done. */
import { hasChanges, planFleet } from '../../deploy/index.ts'
import type { Command } from '../command.ts'
import { fromFile } from '../fleet-origin.ts'
import { LEFT_ACCOUNT_OPTION, reachOf } from '../named-accounts.ts'
import { planEffects } from '../plan-effects.ts'
import { planDocument, printPlan } from '../view/plan-view.ts'
import { FLEET_OPTION, withWorkspace } from '../workspace.ts'

export const plan: Command = {
  options: [
    FLEET_OPTION,
    LEFT_ACCOUNT_OPTION,
    { flags: '--verbose', description: 'what new stacks are made of as well, and all that new roles may do' },
    { flags: '--exit-status', description: 'exit with 1 where something would change or has left the file' },
    {
      flags: '--take-over',
      description: 'as of deploy: also stacks that say that another fleet, or another file, deployed them',
    },
  ],
  examples: ['plan', 'plan --verbose', 'plan --json', 'plan --exit-status'],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { options, terminal } = invocation
      const found = await planFleet(fromFile(workspace), {
        accounts: workspace.accounts,
        reach: reachOf(workspace, invocation),
        now: Date.now,
        takeOver: options.takeOver === true,
      })
      const effects = planEffects(workspace.assembly, found)
      if (options.json) terminal.print(JSON.stringify(planDocument(found, effects), null, 2))
      else printPlan(found, effects, terminal, options.verbose ? 'all' : 'changes')
      const changes = hasChanges(found) || found.left.stacks.length > 0
      return options.exitStatus === true && changes ? 1 : 0
    }),
}
