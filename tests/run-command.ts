/** Runs a command of the CLI as a user would, without a terminal. */
import pc from 'picocolors'
import type { Command } from '../src/cli/command.ts'
import type { Terminal } from '../src/cli/terminal.ts'

export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Gives the command's exit status and what it printed. */
export async function runCommand(
  command: Command,
  options: CommandOptions,
  ...positional: string[]
): Promise<{ status: number; text: string }> {
  const lines: string[] = []
  const terminal: Terminal = {
    interactive: false,
    colors: pc.createColors(false),
    columns: 100,
    rows: 40,
    print: (text = '') => void lines.push(text),
    warn: (text) => void lines.push(text),
    draw: () => undefined,
    keep: () => undefined,
    mute: () => undefined,
  }
  const given = options as Record<string, string | boolean | undefined>
  const status = await command.run({ arguments: positional, options: given, terminal })
  return { status, text: lines.join('\n') }
}
