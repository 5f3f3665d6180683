/** `crossdock status`: how the pipelines stand. */

import { pipelinesOf, strayInHub } from '../../deploy/index.ts'
import { entryOf } from '../../model/index.ts'
import { type Look, overview, policyPlaces, waitingApprovals } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { describeError } from '../describe-error.ts'
import { fromFile } from '../fleet-origin.ts'
import { organizationIn } from '../organization-input.ts'
import type { Terminal } from '../terminal.ts'
import { printDenials, warnOfTrouble } from '../view/denials.ts'
import { leftDocument, printStray } from '../view/left-view.ts'
import { formatAction } from '../view/pipeline-view.ts'
import { printReports } from '../view/reports.ts'
import { choosePipeline, EXECUTION_OPTION, executionIn, FLEET_OPTION, withWorkspace } from '../workspace.ts'

export const status: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline' }],
  options: [FLEET_OPTION, EXECUTION_OPTION],
  run: async (invocation) => {
    const execution = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const [named] = invocation.arguments
      const ids =
        named !== undefined
          ? [choosePipeline(workspace, named)]
          : workspace.assembly.pipelines.map(({ declaration }) => declaration.name)
      const [{ looks, trouble }, stray] = await Promise.all([
        overview(workspace, ids, {
          execution,
          exact: named !== undefined,
          ...(!options.json && { places: policyPlaces(workspace.assembly, organizationIn(workspace)) }),
        }),
        named === undefined ? strayInHub(fromFile(workspace), workspace.accounts) : undefined,
      ])
      warnOfTrouble(terminal, trouble)
      const left = (stray?.stacks ?? []).filter((stack) => pipelinesOf(stack).length)
      if (options.json)
        terminal.print(JSON.stringify([...looks.flatMap(documentOf), ...left.map(leftDocument)], null, 2))
      else {
        for (const look of looks) print(terminal, look)
        printStray(left, stray?.unseen ?? [], terminal)
      }
      return looks.some(({ error }) => error !== undefined) ? 1 : 0
    })
  },
}

/** What `--json` says of a pipeline: nothing of one that has not run yet. */
function documentOf({ id, state, error }: Look): unknown[] {
  if (error === undefined) return state ? [state] : []
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return [{ pipeline: id, error: { name, message } }]
}

function print(terminal: Terminal, { id, state, error }: Look): void {
  const { colors } = terminal
  if (error !== undefined) return terminal.print(`${colors.bold(id)}  ${describeError(error, terminal)}`)
  if (!state) return terminal.print(`${colors.bold(id)} has not run yet`)
  const revision = state.revision ? `  ${state.revision.id.slice(0, 8)} ${state.revision.summary ?? ''}` : ''
  terminal.print(`${colors.bold(id)}  ${state.status}${colors.dim(`  ${state.id}${revision}`)}`)
  for (const stage of state.stages) {
    terminal.print(`  ${colors.bold(stage.name)}`)
    for (const action of stage.actions) {
      terminal.print(`    ${formatAction(action, terminal, Date.now())}`)
      const key = `${stage.name}/${action.name}`
      const denials = entryOf(state.denials, key) ?? []
      printDenials(terminal, denials, { said: action.error?.message, indent: '      ' })
      printReports(terminal, entryOf(state.reports, key) ?? [], '      ')
      for (const { logicalId, type } of entryOf(state.recorded, key) ?? [])
        terminal.print(
          colors.dim(`      recorded only: ${logicalId} ${type} (the embedded cloud has no such service)`),
        )
    }
  }
  if (waitingApprovals(state).length)
    terminal.print(`answer with "crossdock approve ${id}" or "crossdock reject ${id}"`)
}
