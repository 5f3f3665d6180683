/** Writes docs/commands.md, the page of every command. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { commandsPage } from './commands-page.js'

export async function generateCommands() {
  const { allCommands } = await createJiti(import.meta.url).import('../src/cli/commands/all.ts')
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'commands.md'), commandsPage(await allCommands()))
  console.log('docs/commands.md')
}
