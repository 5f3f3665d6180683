/** Whether to go on with what changes something. */
import type { Invocation } from './command.ts'

export const YES_OPTION = { flags: '-y, --yes', description: 'do it without asking' }

/** What `--yes` says, or the person at the terminal; whoever runs the command without one has said it by that. */
export async function isWanted(
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
  question: string,
): Promise<boolean> {
  return options.yes || options.json || !terminal.interactive ? true : terminal.confirm(question)
}
