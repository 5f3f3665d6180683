/** Shows what was denied while an action ran: who may not do what on what, and why. */
import type { Denial } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'

export function printDenials(terminal: Terminal, denials: readonly Denial[], indent = '    '): void {
  for (const { principal, action, resource, message } of denials) {
    terminal.print(
      `${indent}${terminal.colors.yellow('denied')} ${principal} may not ${action} on ${resource}`,
    )
    terminal.print(terminal.colors.dim(`${indent}  ${message}`))
  }
}
