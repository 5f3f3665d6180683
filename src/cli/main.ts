/** The command line: reads the arguments, runs a command, prints what went wrong, sets the exit status. */
import { CommanderError, Command as Program } from 'commander'
import { configure, UsageError } from './command.ts'
import { commands } from './commands/index.ts'
import { processTerminal } from './terminal.ts'
import { VERSION } from './version.ts'

const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/** Runs the CLI and gives the exit status: 0 done, 1 it failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  // The SDK's notice about the Node version speaks to its own users, not to ours.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const terminal = processTerminal()
  const program = new Program('crossdock')
    .description('Ships a commit from one hub AWS account into any number of accounts and regions.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
  let status = DONE
  for (const entry of commands) {
    const one = program.command(entry.name).description(entry.description).exitOverride()
    if (argv.find((word) => !word.startsWith('-')) !== entry.name) continue
    const command = await entry.load()
    configure(one, command, terminal, async (invocation) => {
      status = await command.run(invocation)
    })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE
    terminal.keep()
    // Loaded here, since it knows the errors of parts that most commands never load.
    const { describeError } = await import('./describe-error.ts')
    terminal.warn(describeError(error, terminal))
    return error instanceof UsageError ? WRONG_USAGE : FAILED
  }
}
