/** Shows a deployment: a live list of stacks at a terminal, a line per finished stack without one. */
import type { DeployEvent, StackFailure } from '../../deploy/index.ts'
import type { AssemblyStack } from '../../model/index.ts'
import type { Terminal } from '../terminal.ts'
import { duration, type Mark, mark, place } from './text.ts'

interface Row {
  readonly stack: AssemblyStack
  mark: Mark
  started: number
  note: string
}

const MARKS: Record<string, Mark> = { created: 'done', updated: 'done', unchanged: 'unchanged' }

export class DeployView {
  private readonly terminal: Terminal
  private readonly now: () => number
  private rows = new Map<AssemblyStack, Row>()
  private timer: NodeJS.Timeout | undefined

  constructor(terminal: Terminal, now: () => number = Date.now) {
    this.terminal = terminal
    this.now = now
  }

  readonly listener = (event: DeployEvent): void => {
    switch (event.type) {
      case 'wave-started':
        return this.startWave(event.wave, event.stacks)
      case 'resource':
        return this.set(event.stack, {
          note: `${event.logicalId} ${event.status.toLowerCase().replaceAll('_', ' ')}`,
        })
      case 'stack-done':
        this.set(event.stack, {
          mark: MARKS[event.outcome] ?? 'done',
          note: `${event.outcome}  ${duration(event.milliseconds)}`,
        })
        return this.line(event.stack)
      case 'stack-failed':
        this.set(event.stack, { mark: 'failed', note: describeFailure(event.failure) })
        return this.line(event.stack)
      case 'wave-done':
        return this.endWave(event.wave, event.milliseconds)
      default:
        return this.set(event.stack, { mark: 'running', started: this.now() })
    }
  }

  /** Stops drawing; what was drawn stays. Call it also when the deployment failed. */
  end(): void {
    if (!this.timer) return
    clearInterval(this.timer)
    this.timer = undefined
    this.draw()
    this.terminal.keep()
  }

  private startWave(wave: number, stacks: readonly AssemblyStack[]): void {
    const { terminal } = this
    this.rows = new Map(
      stacks.map((stack) => [stack, { stack, mark: 'waiting', started: this.now(), note: '' }]),
    )
    terminal.print(
      terminal.colors.bold(`Wave ${wave}`) + terminal.colors.dim(`  ${stacks.length} stacks side by side`),
    )
    if (terminal.interactive) this.timer = setInterval(() => this.draw(), 80)
  }

  private endWave(wave: number, milliseconds: number): void {
    this.end()
    this.terminal.print(this.terminal.colors.dim(`  wave ${wave} done in ${duration(milliseconds)}`))
  }

  private set(stack: AssemblyStack, changes: Partial<Row>): void {
    const row = this.rows.get(stack)
    if (row) Object.assign(row, changes)
  }

  private line(stack: AssemblyStack): void {
    const row = this.rows.get(stack)
    if (row && !this.terminal.interactive) this.terminal.print(this.format(row))
  }

  private draw(): void {
    this.terminal.draw([...this.rows.values()].map((row) => this.format(row)))
  }

  private format({ stack, mark: kind, note }: Row): string {
    const { terminal } = this
    const text = kind === 'failed' ? terminal.colors.red(note) : terminal.colors.dim(note)
    const where = terminal.colors.dim(`${stack.environment.padEnd(8)} ${place(stack.target)}`.padEnd(38))
    return `  ${mark(kind, terminal, this.now())} ${stack.name.padEnd(36)} ${where} ${text}`
  }
}

function describeFailure({ logicalId, resourceType, reason }: StackFailure): string {
  return logicalId ? `${logicalId} (${resourceType}): ${reason}` : reason
}
