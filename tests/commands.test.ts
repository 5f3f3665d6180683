/** What is told of every command: the page, the completion of shells, and that each says how it is called. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandsPage } from '../scripts/commands-page.js'
import { completionOf } from '../src/cli/commands/completion.ts'
import { commands } from '../src/cli/commands/index.ts'
import { told } from '../src/cli/told-commands.ts'
import { runCommand } from './run-command.ts'

const all = await told(commands)
const completion = completionOf(commands)

test('the page of every command is made of the commands (npm run generate commands)', () => {
  expect(commandsPage(all)).toBe(readFileSync(join(import.meta.dirname, '..', 'docs', 'commands.md'), 'utf8'))
})

test.each(all.map((one) => [one.name, one] as const))(
  '%s has examples that begin with it',
  (name, { command }) => {
    expect(command.examples?.length).toBeGreaterThan(0)
    for (const example of command.examples ?? []) expect(example.split(' ')[0]).toBe(name)
  },
)

/** What bash offers where the cursor stands behind these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { text } = await runCommand(completion, {}, 'bash')
  const line = words.map((word) => `'${word}'`).join(' ')
  const ask = `${text}\nCOMP_WORDS=(crossdock ${line}); COMP_CWORD=${words.length}; _crossdock; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands and options', async () => {
  expect(await offered('re')).toEqual(['releases', 'retry', 'resume', 'reject'])
  expect(await offered('rollback', '--st')).toEqual(['--stage'])
})

test('zsh and fish have every command', async () => {
  for (const shell of ['zsh', 'fish']) {
    const { text } = await runCommand(completion, {}, shell)
    for (const { name } of all) expect(text).toContain(name)
  }
})

test('another shell is refused', async () => {
  await expect(runCommand(completion, {}, 'tcsh')).rejects.toThrow('bash, zsh, fish, not for "tcsh"')
})
