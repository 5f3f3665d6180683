/** Runs a buildspec's phases in the build's shell. */
import type { BuildPhaseType } from '@aws-sdk/client-codebuild'
import { type BuildRun, PhaseFailure } from './build-run.ts'
import { type Buildspec, type BuildspecPhase, PHASES, type PhaseName } from './buildspec.ts'
import type { BuildLog } from './log.ts'
import { selectRuntimes } from './runtimes.ts'
import type { Shell } from './shell.ts'

/**
 * Runs the phases; gives whether the build goes on to its artifacts. AWS: a failing install or pre_build ends the
 * build, a failing build still runs post_build; `finally` always runs; on-failure ABORT ends the build and CONTINUE
 * goes on to the next phase.
 */
export async function runCommands(
  run: BuildRun,
  buildspec: Buildspec,
  shell: Shell,
  log: BuildLog,
): Promise<boolean> {
  for (const name of PHASES) {
    const phase = buildspec.phases[name]
    const good = await run.phase(name.toUpperCase() as BuildPhaseType, async () => {
      if (phase) await runPhase(name, phase, shell, log)
    })
    if (run.cutShort) return false
    if (good) continue
    await shell.run('CODEBUILD_BUILD_SUCCEEDING=0; export CODEBUILD_BUILD_SUCCEEDING')
    const goesOn = name === 'build' || name === 'post_build'
    if (phase?.onFailure ? phase.onFailure === 'ABORT' : !goesOn) return false
  }
  return true
}

async function runPhase(name: PhaseName, phase: BuildspecPhase, shell: Shell, log: BuildLog): Promise<void> {
  let failure = await selectRuntimes(phase.runtimeVersions, shell, log)
  for (const command of failure ? [] : phase.commands) {
    failure = await runCommand(name, command, shell, log)
    if (failure) break
  }
  for (const command of phase.finally) {
    const failed = await runCommand(name, command, shell, log)
    failure ??= failed
  }
  if (failure) throw failure
}

async function runCommand(
  phase: PhaseName,
  command: string,
  shell: Shell,
  log: BuildLog,
): Promise<PhaseFailure | undefined> {
  log.line(`[Container] ${phase}: Running command ${command.trimEnd()}`)
  const status = await shell.run(command)
  if (status === 0) return undefined
  return new PhaseFailure(
    'COMMAND_EXECUTION_ERROR',
    `Error while executing command: ${log.masked(command.trimEnd())}. Reason: exit status ${status}`,
  )
}
