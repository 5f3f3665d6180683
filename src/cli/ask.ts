/** Questions to a person at the terminal. Without one nothing is asked: callers look at `interactive` first. */
import { createInterface } from 'node:readline/promises'
import type { Invocation } from './command.ts'
import type { Terminal } from './terminal.ts'

export const YES_OPTION = { flags: '-y, --yes', description: 'do it without asking' }

/** Reads one line; undefined where the input ends or is interrupted. */
type Ask = (question: string) => Promise<string | undefined>

/**
 * Whether to go on: what `--yes` says, or the person; whoever runs the command without a terminal has said it by that.
 * Only a yes is one: an empty line is none.
 */
export async function isWanted(
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
  question: string,
  ask: Ask = asked,
): Promise<boolean> {
  if (options.yes || options.json || !terminal.interactive) return true
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)) ?? '')
}

/** Has the person choose one of several; undefined where they choose none. */
export async function chosen<T>(
  terminal: Terminal,
  items: readonly T[],
  lineOf: (item: T) => string,
  ask: Ask = asked,
): Promise<T | undefined> {
  for (const [index, item] of items.entries()) terminal.print(`  ${index + 1}  ${lineOf(item)}`)
  return items[Number(await ask(`which one? [1-${items.length}] `)) - 1]
}

/** Gives the line that the person answers with; undefined where the input ends. Ctrl-C ends the process as always. */
export async function asked(question: string): Promise<string | undefined> {
  const line = createInterface({ input: process.stdin, output: process.stdout })
  line.once('SIGINT', () => {
    line.close()
    process.kill(process.pid, 'SIGINT')
  })
  const ended = new Promise<undefined>((resolve) => line.once('close', () => resolve(undefined)))
  try {
    const answer = await Promise.race([line.question(question), ended])
    return answer?.trim()
  } finally {
    line.close()
  }
}
