/** Runs a command of the CLI as a user would, without a terminal. */
import type { Command } from '../src/cli/command.ts'
import { fakeTerminal } from './fake-terminal.ts'

export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Gives the command's exit status and what it printed. */
export async function runCommand(
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<{ status: number; text: string }> {
  const { terminal, lines } = fakeTerminal()
  const given = options as Record<string, string | boolean | undefined>
  const status = await command.run({ arguments: positional, options: given, terminal })
  return { status, text: lines.join('\n') }
}
