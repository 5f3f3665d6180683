/** `crossdock sync`: writes down what the patterns of the fleet file stand for. */
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { isEmptyLock, lockChanges, lockFile, lockText, readFleetFile, readLock } from '../../fleet/index.ts'
import type { Command } from '../command.ts'
import { BRANCHES_OPTION } from '../local-branches.ts'
import { resolvePatterns } from '../resolve-patterns.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const sync: Command = {
  options: [
    FLEET_OPTION,
    BRANCHES_OPTION,
    { flags: '--check', description: 'write nothing, and fail where the lock would change' },
  ],
  examples: ['sync', 'sync --check'],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const file = await readFleetFile(typeof options.fleet === 'string' ? options.fleet : undefined)
    const path = lockFile(file.document.file)
    // One that nobody can read is written anew.
    const before = await readLock(file.document.file).catch(() => undefined)
    const lock = await resolvePatterns(file, invocation)
    const text = isEmptyLock(lock) ? undefined : lockText(lock, file.document.file)
    const isChanged = text !== (existsSync(path) ? await readFile(path, 'utf8') : undefined)
    const changes = lockChanges(before, lock)
    if (options.json)
      terminal.print(JSON.stringify({ file: path, changed: isChanged, changes, ...lock }, null, 2))
    else {
      for (const change of changes) terminal.print(change)
      terminal.print(
        isChanged ? `${path} ${options.check ? 'would change' : 'is written'}` : `${path} is up to date`,
      )
    }
    if (!isChanged) return 0
    if (options.check) return 1
    if (text === undefined) await rm(path)
    else await writeFile(path, text)
    return 0
  },
}
