/** Shows what was denied while an action ran, explained as `crossdock check` explains it. */
import type { FleetError } from '../../model/index.ts'
import type { Denial } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { printFailure } from './failure-view.ts'

export interface DenialSurroundings {
  /** What was said of the action already. */
  readonly said?: string
  readonly indent: string
}

/** Prints denials below what was said of their action already; a sentence of AWS that stands there is not repeated. */
export function printDenials(
  terminal: Terminal,
  denials: readonly Denial[],
  { said = '', indent }: DenialSurroundings,
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

/** Warns where a failure stays unexplained because its denials could not be had. */
export function warnOfTrouble(terminal: Terminal, trouble: FleetError | undefined): void {
  if (trouble) terminal.warn(`${terminal.colors.yellow('warning')} ${trouble}`)
}
