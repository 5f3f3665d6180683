/** How a command of the CLI is declared. */
import type { Command as Program } from 'commander'
import type { Terminal } from './terminal.ts'

export interface Command {
  /** Positional arguments, as commander writes them: `<pipeline>`, `[pipeline]`. */
  readonly arguments?: readonly { readonly flags: string; readonly description: string }[]
  readonly options?: readonly {
    readonly flags: string
    readonly description: string
    readonly default?: string
  }[]
  /** Calls that `--help` shows, each without the name of the program. */
  readonly examples?: readonly string[]
  /** Runs it and gives the exit status: 0 done, 1 failed. Errors are printed by the CLI and exit with 1. */
  run(invocation: Invocation): Promise<number>
}

/** What an option is given: a flag, a text, or several of them. */
export type OptionValue = string | boolean | readonly string[] | undefined

export interface Invocation {
  readonly arguments: readonly string[]
  readonly options: Readonly<Record<string, OptionValue>>
  readonly terminal: Terminal
}

/** Something wrong with how a command was called; exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Gives a commander command its arguments and options. */
export function configure(
  program: Program,
  command: Command,
  terminal: Terminal,
  run: (invocation: Invocation) => Promise<void>,
): void {
  for (const { flags, description } of command.arguments ?? []) program.argument(flags, description)
  for (const option of command.options ?? []) program.option(option.flags, option.description, option.default)
  program.option('--json', 'print one JSON document instead of text')
  if (command.examples?.length)
    program.addHelpText(
      'after',
      `\nExamples:\n${command.examples.map((one) => `  crossdock ${one}\n`).join('')}`,
    )
  const count = command.arguments?.length ?? 0
  program.action((...given: unknown[]) => {
    const positional = given.slice(0, count).filter((text) => text !== undefined) as string[]
    return run({ arguments: positional, options: program.opts(), terminal })
  })
}
