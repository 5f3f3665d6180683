/** `runtime-versions` of a buildspec: builds use what is installed on this machine, so it must be there. */
import { entryOf } from '../../../../model/index.ts'
import { PhaseFailure } from './build-run.ts'
import type { BuildLog } from './log.ts'
import type { Shell } from './shell.ts'

/** What tells that a runtime is installed, and prints its version. */
const PROBES: Readonly<Record<string, string>> = {
  nodejs: 'node --version',
  python: 'python3 --version',
  ruby: 'ruby --version',
  golang: 'go version',
  java: 'java -version',
  php: 'php --version',
  dotnet: 'dotnet --version',
  docker: 'docker --version',
}

/**
 * Looks for every runtime that is asked for; its version is printed beside the one wanted, since the machine's own is
 * used whatever it is. Gives the failure of the first that is not installed. AWS: an unknown runtime is a
 * YAML_FILE_ERROR.
 */
export async function selectRuntimes(
  wanted: Readonly<Record<string, string>>,
  shell: Shell,
  log: BuildLog,
): Promise<PhaseFailure | undefined> {
  for (const [name, version] of Object.entries(wanted)) {
    const probe = entryOf(PROBES, name)
    if (!probe) {
      const known = Object.keys(PROBES).join(', ')
      return new PhaseFailure(
        'YAML_FILE_ERROR',
        `Unknown runtime named '${name}'. The embedded cloud knows these runtimes: ${known}`,
      )
    }
    log.line(`[Container] Runtime ${name} ${version} is asked for; builds use the one of this machine:`)
    if ((await shell.run(`( ${probe} )`)) !== 0)
      return new PhaseFailure(
        'YAML_FILE_ERROR',
        `The runtime ${name} ${version} is not installed on this machine ("${probe}" does not run), and builds of the embedded cloud run on it.`,
      )
  }
  return undefined
}
