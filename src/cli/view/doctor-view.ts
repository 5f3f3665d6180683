/** Shows what a live pipeline's last failed run lacked, and what could not be read. */
import { type Edge, type FailedRun, isFailed, type Unread } from '../../access/index.ts'
import type { Terminal } from '../terminal.ts'

/** Messages of one action that are shown; the rest is in the log. */
const MOST_MESSAGES = 4

/** Prints the failed action, its messages, and what became of each denied call. */
export function printFailedRun(run: FailedRun | undefined, terminal: Terminal): void {
  if (!run) return
  const { colors } = terminal
  terminal.print()
  terminal.print(
    `${colors.red('failed')} ${colors.bold(`${run.stage} › ${run.action}`)} in the last run, ${run.execution}`,
  )
  for (const message of run.messages.slice(0, MOST_MESSAGES)) terminal.print(`  ${colors.dim(message)}`)
  if (!run.explained.length)
    terminal.print(
      '  what is said of it names no denied call; the permissions of this action come first below',
    )
  for (const { principal = 'somebody', action, resource = 'something', edge } of run.explained) {
    terminal.print(`  ${colors.yellow('denied')} ${principal} may not ${action} on ${resource}`)
    terminal.print(`         ${nowText(edge)}`)
  }
}

const isAddable = ({ failure }: Edge): boolean =>
  failure?.remedies.some(({ statement }) => statement) ?? false

function nowText(edge: FailedRun['explained'][number]['edge']): string {
  if (!edge) return 'the message does not tell enough to prove it'
  if (isFailed(edge))
    return `still so: ${edge.failure?.saidNo ?? 'AWS'} says no; ${isAddable(edge) ? 'the statement to add' : 'what to change'} is below`
  if (edge.verdict === 'unknown') return `not known: ${edge.assumed}`
  return 'the policies that could be read allow it now: they were changed since, or one that could not be read denies it'
}

/** Prints what could not be read, what has the same reason together. */
export function printUnread(unread: readonly Unread[], terminal: Terminal): void {
  if (!unread.length) return
  const { colors } = terminal
  const byReason = new Map<string, Unread[]>()
  for (const one of unread) {
    const key = `${one.account} ${one.why}`
    byReason.set(key, [...(byReason.get(key) ?? []), one])
  }
  terminal.print()
  for (const same of byReason.values()) {
    const [{ account, why } = { account: '', why: '' }] = same
    terminal.print(`${colors.yellow('not read')} in account ${account}: ${why}`)
    for (const { what } of same) terminal.print(colors.dim(`  ${what}`))
  }
}
