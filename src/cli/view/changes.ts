/** Shows what a set of change sets would do, per account and region. */
import type { PendingChanges } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { place } from './text.ts'

const SIGNS: Record<string, string> = { Add: '+', Remove: '-', Modify: '~' }

export function printChanges(terminal: Terminal, pending: readonly PendingChanges[]): void {
  const { colors } = terminal
  for (const { account, region, stack, changes } of pending) {
    terminal.print(`  ${colors.bold(stack)} ${colors.dim(place({ account, region }))}`)
    if (!changes.length) terminal.print(colors.dim('    no changes'))
    for (const { ResourceChange: change } of changes) {
      const action = change?.Action ?? ''
      const replaced = change?.Replacement === 'True' ? colors.red(' (replaced)') : ''
      const details = [...new Set(change?.Details?.map((one) => one.Target?.Name).filter(Boolean))].join(', ')
      terminal.print(
        `    ${SIGNS[action] ?? action} ${change?.LogicalResourceId} ${colors.dim(change?.ResourceType ?? '')}${replaced}${details ? colors.dim(`  ${details}`) : ''}`,
      )
    }
  }
}
