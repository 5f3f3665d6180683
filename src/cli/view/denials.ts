/** Shows what was denied while an action ran, explained as `crossdock check` explains it. */
import type { Denial } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { printFailure } from './failure-view.ts'

/** Prints denials below what was said of their action already; a sentence of AWS that stands there is not repeated. */
export function printDenials(
  terminal: Terminal,
  denials: readonly Denial[],
  { said = '', indent = '    ' }: { readonly said?: string; readonly indent?: string } = {},
): void {
  for (const { principal, action, resource, message, ...denial } of denials)
    printFailure(
      {
        ...denial,
        principals: [principal],
        actions: [action],
        resources: [resource],
        ...(!said.includes(message) && { message }),
      },
      terminal,
      indent,
    )
}
