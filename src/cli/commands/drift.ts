/** `crossdock drift`: what was changed in the accounts past CloudFormation, and what stands there and is in no file. */
import type { Command } from '../command.ts'
import { fleetDrift, fleetDriftDocument, hasDrifted, printFleetDrift } from '../fleet-drift.ts'
import { LEFT_ACCOUNT_OPTION, reachOf } from '../named-accounts.ts'
import { FLEET_OPTION, withWorkspace } from '../workspace.ts'

export const drift: Command = {
  options: [
    FLEET_OPTION,
    { flags: '--applications', description: 'the stacks that the pipelines deploy as well' },
    LEFT_ACCOUNT_OPTION,
    { flags: '--exit-status', description: 'exit with 1 where something has drifted or left the file' },
  ],
  examples: ['drift', 'drift --applications', 'drift --exit-status --json'],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const { options, terminal } = invocation
      const found = await fleetDrift(workspace, reachOf(workspace, invocation), options.applications === true)
      if (options.json) terminal.print(JSON.stringify(fleetDriftDocument(found), null, 2))
      else printFleetDrift(found, terminal)
      return options.exitStatus && hasDrifted(found) ? 1 : 0
    }),
}
