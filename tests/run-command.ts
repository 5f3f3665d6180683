/** Runs a command of the CLI as a user would, without a terminal. */
import type { Command, OptionValue } from '../src/cli/command.ts'
import { fakeTerminal } from './fake-terminal.ts'

export type CommandOptions = Readonly<Record<string, OptionValue>>

/** Gives the command's exit status and what it printed. */
export async function runCommand(
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<{ status: number; text: string }> {
  const { terminal, lines } = fakeTerminal()
  const status = await command.run({ arguments: positional, options, terminal })
  return { status, text: lines.join('\n') }
}
