/** Writes docs/commands.md, the page of every command. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'
import { commandsPage } from './commands-page.js'

export async function generateCommands() {
  const load = (path) => createJiti(import.meta.url).import(path)
  const { commands } = await load('../src/cli/commands/index.ts')
  const { told } = await load('../src/cli/told-commands.ts')
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'commands.md'), commandsPage(await told(commands)))
  console.log('docs/commands.md')
}
