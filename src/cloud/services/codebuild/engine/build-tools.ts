/** The commands that CodeBuild has in every build, put where the build's shell finds them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** AWS: "Use the codebuild-tests-run CLI command" and its neighbours; "codebuild-hash-files" of S3 caching. */
const COMMANDS = ['codebuild-glob-search', 'codebuild-hash-files', 'codebuild-tests-run']

/** Writes them into a folder that goes with the build; gives the folder that is to be in its PATH. */
export async function buildTools(folder: string): Promise<string> {
  const bin = join(folder, 'codebuild-commands')
  await mkdir(bin, { recursive: true })
  const program = fileURLToPath(new URL('./build-tools/build-tools.mjs', import.meta.url))
  const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
  await Promise.all(
    COMMANDS.map((name) =>
      writeFile(
        join(bin, name),
        `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(program)} ${name} "$@"\n`,
        { mode: 0o755 },
      ),
    ),
  )
  return bin
}
