/** Shows one execution whole: its stages and actions as they stand, and what is known of those that failed. */
import { entryOf } from '../../model/index.ts'
import type { DetailedExecution } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { printDenials } from './denials.ts'
import { revisionText } from './execution-line.ts'
import { formatAction } from './pipeline-view.ts'
import { printReports } from './reports.ts'

export function printExecution(terminal: Terminal, state: DetailedExecution, now: number): void {
  const { colors } = terminal
  const revision = state.revision ? `  ${revisionText([state.revision])}` : ''
  terminal.print(`${colors.bold(state.pipeline)}  ${state.status}${colors.dim(`  ${state.id}${revision}`)}`)
  for (const stage of state.stages) {
    terminal.print(`  ${colors.bold(stage.name)}`)
    for (const action of stage.actions) {
      terminal.print(`    ${formatAction(action, terminal, now)}`)
      const key = `${stage.name}/${action.name}`
      const denials = entryOf(state.denials, key) ?? []
      printDenials(terminal, denials, { said: action.error?.message, indent: '      ' })
      printReports(terminal, entryOf(state.reports, key) ?? [], '      ')
      for (const { logicalId, type } of entryOf(state.recorded, key) ?? [])
        terminal.print(
          colors.dim(
            `      recorded only: ${logicalId} ${type} (the embedded cloud does not have this type)`,
          ),
        )
    }
  }
}
