/** `crossdock logs`: the logs of an execution's builds, and the errors of its failed actions. */
import { FleetError } from '../../model/index.ts'
import { buildLog, type Denial, denialsOf, policyPlaces } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { printDenials } from '../view/denials.ts'
import { choosePipeline, FLEET_OPTION, workspaceOf } from '../workspace.ts'
import { stateOf } from './status.ts'

export const logs: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [
    FLEET_OPTION,
    { flags: '--action <name>', description: 'only this action' },
    { flags: '--execution <id>', description: 'an older execution' },
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const pipeline = choosePipeline(workspace, invocation.arguments[0])
    const id = typeof options.execution === 'string' ? options.execution : undefined
    const state = await stateOf(workspace, pipeline, { id })
    if (!state)
      throw new FleetError(`${pipeline} has not run yet`, {
        fix: `start it with "crossdock start ${pipeline}"`,
      })
    const actions = state.stages
      .flatMap((stage) => stage.actions.map((action) => ({ stage: stage.name, action })))
      .filter(({ action }) => options.action === undefined || action.name === options.action)
    if (!actions.length)
      throw new FleetError(`${pipeline} has no action "${options.action}"`, {
        fix: 'see its actions with "crossdock status"',
      })
    const failed = actions.flatMap(({ action }) => (action.error ? [action] : []))
    const told = await denialsOf(workspace.accounts.endpoint, failed)
    const found: {
      stage: string
      action: string
      lines: string[]
      error?: { code: string; message: string }
      denials: readonly Denial[]
    }[] = []
    for (const { stage, action } of actions) {
      const lines = (await buildLog(workspace.accounts, action)) ?? []
      const denials = told.get(action.id ?? '') ?? []
      if (lines.length || action.error)
        found.push({ stage, action: action.name, lines, error: action.error, denials })
    }
    workspace.accounts.close()
    const places = policyPlaces(workspace.assembly)
    if (options.json) terminal.print(JSON.stringify(found, null, 2))
    else
      for (const { stage, action, lines, error, denials } of found) {
        terminal.print(terminal.colors.bold(`${stage} / ${action}`))
        for (const line of lines) terminal.print(`  ${line}`)
        if (error) terminal.print(terminal.colors.red(`  ${error.code}: ${error.message}`))
        printDenials(terminal, denials, { said: error?.message, places, indent: '  ' })
      }
    return 0
  },
}
