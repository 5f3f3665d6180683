/** An execution on one line: its mark, id, revision, start, and what it took. */
import type { PastExecution, Revision } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { age, duration, type Mark, mark } from './text.ts'

const MARKS: Readonly<Record<string, Mark>> = {
  InProgress: 'running',
  Stopping: 'running',
  Succeeded: 'done',
  Failed: 'failed',
}

export function executionLine(execution: PastExecution, terminal: Terminal, now: number): string {
  const { colors } = terminal
  const { id, status, started, updated, target } = execution
  const sign = mark(MARKS[status] ?? 'waiting', terminal, now)
  const since = started === undefined ? '' : `${age(now - started)} ago`
  const ended = status === 'InProgress' ? now : updated
  const took = started === undefined || ended === undefined ? '' : duration(Math.max(0, ended - started))
  const back = target ? colors.yellow(`  rollback to ${target}`) : ''
  return `${sign} ${id}  ${status.padEnd(10)} ${revisionText(execution.revisions).padEnd(30)} ${colors.dim(`${since.padEnd(11)} ${took.padEnd(10)} ${startedBy(execution)}`)}${back}`.trimEnd()
}

/** The first revision's short name, and the first line of its message. */
export function revisionText([first]: readonly Revision[]): string {
  if (!first) return ''
  const [line = ''] = (first.summary ?? '').split('\n')
  return `${shortRevision(first.id)} ${line}`.trim()
}

/** A commit is told by its first eight characters; what is none (a version of an object) by as many. */
export const shortRevision = (id: string): string => id.slice(0, 8)

/** What started it and, where that is somebody, who: by the last part of the ARN. */
export const startedBy = ({ trigger = '', startedBy: who }: PastExecution): string =>
  who && /^arn:[^:]+:(iam|sts):/.test(who) ? `${trigger} ${who.split(/[/:]/).at(-1)}` : trigger
