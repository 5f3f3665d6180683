/** `crossdock logs`: the logs of an execution's builds, and the errors of its failed actions. */

import {
  actionLogs,
  type ExecutionState,
  followLogs,
  policyPlaces,
  startedExecution,
} from '../../operate/index.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { organizationIn } from '../organization-input.ts'
import { printDenials, warnOfTrouble } from '../view/denials.ts'
import { printReports } from '../view/reports.ts'
import { lookInterval } from '../watch-execution.ts'
import {
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  type Workspace,
  withWorkspace,
} from '../workspace.ts'

export const logs: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    { flags: '--action <name>', description: 'only this action' },
    EXECUTION_OPTION,
    { flags: '--follow', description: 'print lines as they come, until the execution has ended' },
  ],
  examples: ['logs shop', 'logs shop --action build --follow'],
  run: async (invocation) => {
    const id = executionIn(invocation)
    if (invocation.options.follow && invocation.options.json)
      throw new UsageError('--follow prints lines as they come: it has no --json')
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const state = await startedExecution(workspace, pipeline, id)
      if (options.follow) return followAndPrint(workspace, invocation, state)
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

/** Each line after the action that it is of. */
async function followAndPrint(
  workspace: Workspace,
  { terminal, options }: Invocation,
  { pipeline, id }: ExecutionState,
): Promise<number> {
  const { colors } = terminal
  const interval = lookInterval(workspace)
  const action = typeof options.action === 'string' ? options.action : undefined
  const lines = followLogs(workspace, pipeline, id, { interval, ...(action && { action }) })
  for await (const { stage, action, lines: said } of lines) {
    const from = colors.dim(`${stage} / ${action.name} │`)
    for (const line of said) terminal.print(`${from} ${line}`)
    if (action.error) terminal.print(`${from} ${colors.red(`${action.error.code}: ${action.error.message}`)}`)
  }
  return 0
}
