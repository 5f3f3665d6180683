import type { Command } from '../src/cli/command.ts'

export function commandsPage(
  all: readonly { readonly name: string; readonly description: string; readonly command: Command }[],
): string
