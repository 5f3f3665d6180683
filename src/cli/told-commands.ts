/** Commands with all that they say of themselves, for those who tell of them without running one. */
import type { Command } from './command.ts'

export interface CommandEntry {
  readonly name: string
  readonly description: string
  readonly load: () => Promise<Command>
}

export interface ToldCommand extends Omit<CommandEntry, 'load'> {
  readonly command: Command
}

/** Loads them, one after another: some share modules, which not every loader takes twice at once. */
export async function told(entries: readonly CommandEntry[]): Promise<ToldCommand[]> {
  const all: ToldCommand[] = []
  for (const { name, description, load } of entries) all.push({ name, description, command: await load() })
  return all
}
