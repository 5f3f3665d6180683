/** Shows what was denied while an action ran, explained as `crossdock check` explains it. */
import type { Denial, PolicyPlaces } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { printFailure } from './failure-view.ts'

export interface DenialSurroundings {
  /** What was said of the action already. */
  readonly said?: string
  readonly places: PolicyPlaces
  readonly indent: string
}

/** Prints denials below what was said of their action already; a sentence of AWS that stands there is not repeated. */
export function printDenials(
  terminal: Terminal,
  denials: readonly Denial[],
  { said = '', places, indent }: DenialSurroundings,
): void {
  for (const { principal, action, resource, message, remedies, ...denial } of denials)
    printFailure(
      {
        ...denial,
        principals: [principal],
        actions: [action],
        resources: [resource],
        remedies: remedies.map((remedy) => ({ ...remedy, origin: places(remedy.belongsIn) })),
        ...(!said.includes(message) && { message }),
      },
      terminal,
      indent,
    )
}
