/** Runs a command of the CLI as a user would, without a terminal or at one. */
import type { Command, OptionValue } from '../src/cli/command.ts'
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts'

export type CommandOptions = Readonly<Record<string, OptionValue>>

interface Ended {
  readonly status: number
  readonly text: string
}

/** Gives the command's exit status and what it printed, without a terminal. */
export const runCommand = (
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<Ended> => runAt(fakeTerminal(), command, options, ...positional)

/** As `runCommand`, at a terminal where a person says yes to these questions. */
export const runAnswering = (
  answers: readonly RegExp[],
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<Ended> => runAt(fakeTerminal({ interactive: true, answers }), command, options, ...positional)

async function runAt(
  { terminal, lines }: FakeTerminal,
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<Ended> {
  const status = await command.run({ arguments: positional, options, terminal })
  return { status, text: lines.join('\n') }
}
