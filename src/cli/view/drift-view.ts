/** Shows what was changed in accounts past CloudFormation. */
import type { StackDrift } from '../../deploy/index.ts'
import type { Terminal } from '../terminal.ts'
import { countOf, mark, place } from './text.ts'

/** Characters of a value that are shown; `--json` has all of it. */
const SHOWN = 160

export function printDrift(all: readonly StackDrift[], terminal: Terminal): void {
  const { colors } = terminal
  for (const { stack, target, status, resources, why } of all) {
    if (status === 'in sync') continue
    const sign = status === 'unknown' ? colors.yellow('?') : mark('failed', terminal)
    terminal.print(
      `${sign} ${colors.bold(stack)} ${colors.dim(place(target))}  ${status}${why ? `: ${why}` : ''}`,
    )
    for (const one of resources) {
      terminal.print(
        `    ${one.status === 'DELETED' ? '-' : '~'} ${one.id} ${colors.dim(one.type)} ${one.status.toLowerCase()}`,
      )
      for (const { path, expected, actual } of one.differences)
        terminal.print(
          `        ${path}: ${actual === undefined ? 'is gone' : `is ${short(actual)}`}, ${expected === undefined ? 'which the template does not have' : `the template says ${short(expected)}`}`,
        )
    }
  }
  const count = (status: StackDrift['status']) => all.filter((one) => one.status === status).length
  const unknown = count('unknown') + count('partly')
  terminal.print(
    `${countOf(all.length, 'stack')}: ${count('in sync')} in sync, ${count('drifted')} drifted${unknown ? `, ${unknown} not known` : ''}`,
  )
}

const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)

/** What `--json` says of a stack. */
export const driftDocument = ({ target, ...one }: StackDrift) => ({ ...target, ...one })
