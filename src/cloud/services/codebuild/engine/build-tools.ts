/** The commands that every build has, put where the build's shell finds them: CodeBuild's own, and Crossdock. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder } from '../../../../model/index.ts'

/** AWS: "Use the codebuild-tests-run CLI command" and its neighbours; "codebuild-hash-files" of S3 caching. */
const COMMANDS = ['codebuild-glob-search', 'codebuild-hash-files', 'codebuild-tests-run']

/** Writes them into a folder that goes with the build; gives the folder that is to be in its PATH. */
export async function buildTools(folder: string): Promise<string> {
  const bin = join(folder, 'codebuild-commands')
  await mkdir(bin, { recursive: true })
  const program = fileURLToPath(new URL('./build-tools/build-tools.mjs', import.meta.url))
  await Promise.all([
    ...COMMANDS.map((name) => writeCommand(join(bin, name), [program, name])),
    // Builds that update their pipeline run it; AWS's images have none, and those builds install it there.
    ...(existsSync(crossdock()) ? [writeCommand(join(bin, 'crossdock'), [crossdock()])] : []),
  ])
  return bin
}

/** This very version of it, as the package has it. */
const crossdock = (): string => join(packageFolder(), 'dist', 'cli.cjs')

const writeCommand = (file: string, words: readonly string[]): Promise<void> =>
  writeFile(file, `#!/bin/sh\nexec ${[process.execPath, ...words].map(quoted).join(' ')} "$@"\n`, {
    mode: 0o755,
  })

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
