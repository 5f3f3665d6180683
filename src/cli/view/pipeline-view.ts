/** Shows an execution: stages and actions live at a terminal, a line per change without one. */
import type { ActionState, ExecutionState, RuleState } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'
import { revisionText } from './execution-line.ts'
import { duration, type Mark, mark, place } from './text.ts'

export class PipelineView {
  private readonly terminal: Terminal
  private readonly now: () => number
  private readonly told = new Map<string, string>()
  /** Stages that stand finished above, from before the view was interrupted. */
  private readonly finished = new Set<string>()
  private state: ExecutionState | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(terminal: Terminal, now: () => number = Date.now) {
    this.terminal = terminal
    this.now = now
  }

  /** Takes how the execution stands now. */
  show(state: ExecutionState): void {
    const first = !this.state
    this.state = state
    if (first) this.title(state)
    if (!this.terminal.interactive) return this.tell(state)
    this.timer ??= setInterval(() => this.draw(), 80)
    this.draw()
  }

  /** Stops drawing; what was drawn stays. */
  end(): void {
    if (!this.timer) return
    clearInterval(this.timer)
    this.timer = undefined
    this.draw()
    this.terminal.keep()
    for (const stage of this.state?.stages ?? [])
      if (stage.actions.every((action) => action.status === 'Succeeded')) this.finished.add(stage.name)
  }

  private title({ pipeline, id, revision }: ExecutionState): void {
    const { colors } = this.terminal
    const commit = revision ? `  ${revisionText([revision])}` : ''
    this.terminal.print(`${colors.bold(`Pipeline ${pipeline}`)}${colors.dim(`  ${id}${commit}`)}`)
  }

  private tell(state: ExecutionState): void {
    for (const stage of state.stages)
      for (const action of stage.actions) {
        const key = `${stage.name}/${action.name}`
        if (action.status === 'Waiting' || this.told.get(key) === action.status) continue
        this.told.set(key, action.status)
        this.terminal.print(`  ${formatAction(action, this.terminal, this.now(), `${stage.name} / `)}`)
      }
    for (const stage of state.stages)
      for (const rule of stage.rules ?? []) {
        const [key, now] = [`${stage.name}/rule/${rule.name}`, `${rule.status} ${rule.summary}`]
        if (this.told.get(key) === now) continue
        this.told.set(key, now)
        this.terminal.print(`  ${formatRule(rule, this.terminal, this.now(), `${stage.name} / `)}`)
      }
  }

  private draw(): void {
    if (!this.state) return
    const { terminal } = this
    const unfinished = this.state.stages.filter((stage) => !this.finished.has(stage.name))
    terminal.draw(
      unfinished.flatMap((stage) => [
        `  ${terminal.colors.bold(stage.name)}`,
        ...(stage.rules ?? []).map((rule) => `    ${formatRule(rule, terminal, this.now())}`),
        ...stage.actions.map((action) => `    ${formatAction(action, terminal, this.now())}`),
      ]),
    )
  }
}

/** One rule of a condition on one line, with what it has found or waits for. */
export function formatRule(rule: RuleState, terminal: Terminal, now: number, prefix = ''): string {
  const { colors } = terminal
  const took = rule.started === undefined ? '' : duration(Math.max(0, (rule.ended ?? now) - rule.started))
  const name = `${prefix}${rule.name}`.padEnd(34)
  const words = rule.status === 'Failed' ? colors.red : colors.dim
  const summary = rule.summary ? words(`  ${rule.summary}`) : ''
  return `${mark(MARKS[rule.status], terminal, now)} ${name} ${colors.dim(`${rule.provider.padEnd(24)} ${took}`)}${summary}`
}

const MARKS: Record<ActionState['status'], Mark> = {
  Waiting: 'waiting',
  InProgress: 'running',
  Succeeded: 'done',
  Failed: 'failed',
  Abandoned: 'failed',
}

/** One action on one line: its mark, name, provider, place and time. */
export function formatAction(action: ActionState, terminal: Terminal, now: number, prefix = ''): string {
  const { colors } = terminal
  const kind: Mark = action.approvalToken ? 'asking' : MARKS[action.status]
  const took =
    action.started === undefined ? '' : duration(Math.max(0, (action.ended ?? now) - action.started))
  const name = `${prefix}${action.name}`.padEnd(34)
  const words: Record<string, string> = {
    InProgress: action.approvalToken ? 'waits for approval' : 'started',
    Waiting: '',
  }
  const status = (words[action.status] ?? action.status.toLowerCase()).padEnd(terminal.interactive ? 0 : 10)
  const error = action.error ? colors.red(`  ${action.error.message}`) : ''
  const tail = colors.dim(`${action.provider.padEnd(24)} ${place(action).padEnd(24)} ${took}`)
  return `${mark(kind, terminal, now)} ${name} ${tail} ${terminal.interactive ? '' : status}${error}`.trimEnd()
}
