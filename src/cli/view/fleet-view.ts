/** Shows where all pipelines stand: what needs somebody first, then a line for each pipeline. */
import type { PastExecution, Revision, Standing, WaitingAnswer } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { revisionText, shortRevision } from './execution-line.ts'
import { age, type Mark, mark } from './text.ts'

const MARKS: Readonly<Record<string, Mark>> = { InProgress: 'running', Stopping: 'running', Failed: 'failed' }

/** One pipeline's standing under the fleet's key for it. */
export interface NamedStanding {
  readonly id: string
  readonly standing: Standing
}

/** Everything that waits for somebody, that failed or is held, and then every pipeline; as lines. */
export function fleetLines(all: readonly NamedStanding[], terminal: Terminal, now: number): string[] {
  const { colors } = terminal
  const section = (title: string, lines: readonly string[]) =>
    lines.length ? [colors.bold(title), ...lines, ''] : []
  return [
    ...section(
      'waits for an answer',
      all.flatMap(({ id, standing }) =>
        standing.stages
          .flatMap((stage) => stage.waiting)
          .map((one) => waitingLine(id, standing, one, terminal, now)),
      ),
    ),
    ...section(
      'failed',
      all.flatMap((one) => failureLines(one, terminal)),
    ),
    ...section(
      'paused',
      all.flatMap((one) => pausedLines(one, terminal)),
    ),
    colors.bold('pipelines'),
    ...pipelineLines(all, terminal, now),
  ]
}

function waitingLine(
  id: string,
  { newest }: Standing,
  { stage, action, execution, since }: WaitingAnswer,
  terminal: Terminal,
  now: number,
): string {
  const { colors } = terminal
  const commit = newest?.id === execution ? `  ${revisionText(newest.revisions)}` : `  execution ${execution}`
  const waits = since === undefined ? '' : `  for ${age(now - since)}`
  return `  ${mark('asking', terminal)} ${id} / ${stage} / ${action}${commit}${colors.dim(`${waits}  crossdock approve ${id}`)}`
}

const failureLines = ({ id, standing }: NamedStanding, terminal: Terminal): string[] =>
  standing.stages.flatMap(({ name, failure }) =>
    failure
      ? [
          `  ${mark('failed', terminal)} ${id} / ${name} / ${failure.action}  ${terminal.colors.red(failure.message.split('\n')[0] ?? '')}${terminal.colors.dim(`  crossdock status ${id}`)}`,
        ]
      : [],
  )

const pausedLines = ({ id, standing }: NamedStanding, { colors }: Terminal): string[] =>
  standing.stages.flatMap(({ name, paused }) =>
    paused
      ? [
          `  ${colors.yellow('‖')} ${id} / ${name}  ${paused.reason}${colors.dim(`  crossdock resume ${id} --stage ${name}`)}`,
        ]
      : [],
  )

function pipelineLines(all: readonly NamedStanding[], terminal: Terminal, now: number): string[] {
  const width = Math.max(0, ...all.map(({ id }) => id.length))
  return all.map(({ id, standing }) => {
    const { newest, stages } = standing
    const sign = mark(
      newest ? (MARKS[newest.status] ?? (newest.status === 'Succeeded' ? 'done' : 'waiting')) : 'waiting',
      terminal,
      now,
    )
    const places = stages
      .filter(({ ships }) => ships)
      .map(
        ({ name, shipped }) => `${name} ${shipped ? shipmentText(shipped.execution, shipped.at, now) : '—'}`,
      )
    const told = newest ? places.join(terminal.colors.dim(' · ')) : terminal.colors.dim('has not run yet')
    return `  ${sign} ${id.padEnd(width)}  ${told}`
  })
}

function shipmentText({ revisions }: PastExecution, at: number | undefined, now: number): string {
  const [first] = revisions as readonly (Revision | undefined)[]
  const what = first ? shortRevision(first.id) : '?'
  return at === undefined ? what : `${what} ${age(now - at)}`
}
