/** `runtime-versions` of a buildspec: builds use what is installed on this machine, so it must be there. */
import { entryOf } from '../../../../model/index.ts'
import { PhaseFailure } from './build-run.ts'
import type { Buildspec } from './buildspec.ts'
import { hasRuntimes, runtimeProblem } from './image-runtimes.ts'
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

/** The runtimes that the install phase selects, by name. */
export type Runtimes = Readonly<Record<string, string>>

/**
 * Gives the runtimes that the buildspec asks for, with variables put in. AWS: a version may be a variable, what the
 * image does not have fails the download of the source (awslabs/aws-simple-cicd#58), and images of others than
 * CodeBuild's skip the install. Errors: PhaseFailure with YAML_FILE_ERROR.
 */
export function chooseRuntimes(
  buildspec: Buildspec,
  image: string,
  environment: Readonly<Record<string, string>>,
  log: BuildLog,
): Runtimes {
  const wanted = Object.entries(buildspec.phases.install?.runtimeVersions ?? {})
  if (wanted.length && !hasRuntimes(image)) {
    log.line(
      '[Container] [WARN] Skipping install of runtimes. Runtime version selection is not supported by this build image.',
    )
    return {}
  }
  const chosen = wanted.map(([name, version]) => {
    const given = version.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, plain) =>
      String(entryOf(environment, braced ?? plain) ?? ''),
    )
    const problem = runtimeProblem(name, given, image)
    if (problem) throw new PhaseFailure('YAML_FILE_ERROR', problem)
    return [name, given]
  })
  return Object.fromEntries(chosen)
}

/**
 * Looks for every chosen runtime; its version is printed beside the one wanted, since the machine's own is used whatever
 * it is. Gives the failure of the first that is not installed.
 */
export async function selectRuntimes(
  wanted: Runtimes,
  shell: Shell,
  log: BuildLog,
): Promise<PhaseFailure | undefined> {
  for (const [name, version] of Object.entries(wanted)) {
    const probe = entryOf(PROBES, name)
    if (!probe)
      return new PhaseFailure(
        'YAML_FILE_ERROR',
        `The embedded cloud cannot look for the runtime ${name} here.`,
      )
    log.line(`[Container] Runtime ${name} ${version} is asked for; builds use the one of this machine:`)
    if ((await shell.run(`( ${probe} )`)) !== 0)
      return new PhaseFailure(
        'YAML_FILE_ERROR',
        `The runtime ${name} ${version} is not installed on this machine ("${probe}" does not run), and builds of the embedded cloud run on it.`,
      )
  }
  return undefined
}
