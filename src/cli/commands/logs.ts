/** `crossdock logs`: the logs of an execution's builds, and the errors of its failed actions. */

import { actionLogs, policyPlaces, startedExecution } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { organizationIn } from '../organization-input.ts'
import { printDenials, warnOfTrouble } from '../view/denials.ts'
import { printReports } from '../view/reports.ts'
import { choosePipeline, EXECUTION_OPTION, executionIn, FLEET_OPTION, withWorkspace } from '../workspace.ts'

export const logs: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [FLEET_OPTION, { flags: '--action <name>', description: 'only this action' }, EXECUTION_OPTION],
  run: async (invocation) => {
    const id = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const state = await startedExecution(workspace, pipeline, id)
      const { logs: found, trouble } = await actionLogs(workspace.accounts, state, {
        ...(typeof options.action === 'string' && { action: options.action }),
        ...(!options.json && { places: policyPlaces(workspace.assembly, organizationIn(workspace)) }),
      })
      warnOfTrouble(terminal, trouble)
      if (options.json) terminal.print(JSON.stringify(found, null, 2))
      else
        for (const { stage, action, lines, reports, error, denials } of found) {
          terminal.print(terminal.colors.bold(`${stage} / ${action}`))
          for (const line of lines) terminal.print(`  ${line}`)
          printReports(terminal, reports, '  ')
          if (error) terminal.print(terminal.colors.red(`  ${error.code}: ${error.message}`))
          printDenials(terminal, denials, { said: error?.message, indent: '  ' })
        }
      return 0
    })
  },
}
