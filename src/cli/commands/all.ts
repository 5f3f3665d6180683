/** Every command with all that it says of itself, for those who tell of commands without running one. */
import type { Command } from '../command.ts'
import { commands } from './index.ts'

export interface ToldCommand {
  readonly name: string
  readonly description: string
  readonly command: Command
}

export const allCommands = (): Promise<ToldCommand[]> =>
  Promise.all(
    commands.map(async ({ name, description, load }) => ({ name, description, command: await load() })),
  )
