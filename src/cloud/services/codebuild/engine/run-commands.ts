/** Runs a buildspec's phases in the build's shell. */
import type { BuildPhaseType } from '@aws-sdk/client-codebuild'
import { type BuildRun, PhaseFailure } from './build-run.ts'
import type { Buildspec } from './buildspec.ts'
import { type BuildspecPhase, PHASES, type PhaseName } from './buildspec-phases.ts'
import type { BuildLog } from './log.ts'
import { type Runtimes, selectRuntimes } from './runtimes.ts'
import type { Shell } from './shell.ts'

/** What the phases of a build run with. */
export interface Workshop {
  readonly buildspec: Buildspec
  readonly runtimes: Runtimes
  readonly shell: Shell
  readonly log: BuildLog
  /** What commands printed of late. */
  readonly recent: RecentOutput
}

/** Characters of a phase's output that a retry's pattern is looked for in. */
const RECENT = 64 * 1024

/** The end of what commands print. */
export class RecentOutput {
  private text = ''

  add(text: string): void {
    this.text = (this.text + text.slice(-RECENT)).slice(-RECENT)
  }

  /** Gives it, and begins anew. */
  take(): string {
    const { text } = this
    this.text = ''
    return text
  }
}

/**
 * Runs the phases; gives whether the build goes on to its artifacts. AWS: a failing install or pre_build ends the
 * build, a failing build still runs post_build; `finally` always runs; on-failure ABORT ends the build, CONTINUE
 * goes on to the next phase, and RETRY tries again for as often as it says.
 */
export async function runCommands(run: BuildRun, workshop: Workshop): Promise<boolean> {
  for (const name of PHASES) {
    const phase = workshop.buildspec.phases[name]
    const good = await run.phase(name.toUpperCase() as BuildPhaseType, async () => {
      if (phase) await runWithRetries(name, phase, workshop, run)
    })
    if (run.cutShort) return false
    if (good) continue
    await workshop.shell.run('CODEBUILD_BUILD_SUCCEEDING=0; export CODEBUILD_BUILD_SUCCEEDING')
    const goesOn = name === 'build' || name === 'post_build'
    const onFailure = phase?.onFailure?.does
    if (onFailure === 'ABORT' || (onFailure !== 'CONTINUE' && !goesOn)) return false
  }
  return true
}

/**
 * AWS: an error message that matches makes for a retry. It does not say which: here it is the phase's own or anything
 * that its commands printed, and what is tried again is the phase.
 */
async function runWithRetries(
  name: PhaseName,
  phase: BuildspecPhase,
  workshop: Workshop,
  run: BuildRun,
): Promise<void> {
  const { onFailure } = phase
  const times = onFailure?.does === 'RETRY' ? onFailure.times : 0
  for (let attempt = 1; ; attempt++) {
    workshop.recent.take()
    const failure = await runPhase(name, phase, workshop)
    if (!failure) return
    const isOver = attempt > times || run.endedFromOutside
    const message = `${failure.message}\n${workshop.recent.take()}`
    if (isOver || onFailure?.does !== 'RETRY' || !onFailure.matches(message)) throw failure
    workshop.log.line(`[Container] Phase ${name} failed and is retried (${attempt} of ${times})`)
  }
}

async function runPhase(
  name: PhaseName,
  phase: BuildspecPhase,
  workshop: Workshop,
): Promise<PhaseFailure | undefined> {
  let failure =
    name === 'install' ? await selectRuntimes(workshop.runtimes, workshop.shell, workshop.log) : undefined
  for (const command of failure ? [] : phase.commands) {
    failure = await runCommand(name, command, workshop)
    if (failure) break
  }
  for (const command of phase.finally) {
    const failed = await runCommand(name, command, workshop)
    failure ??= failed
  }
  return failure
}

async function runCommand(
  phase: PhaseName,
  command: string,
  { shell, log, buildspec }: Workshop,
): Promise<PhaseFailure | undefined> {
  log.line(`[Container] ${phase}: Running command ${command.trimEnd()}`)
  // AWS: version 0.1 runs each command by itself, in the source folder with the build's variables.
  const status = await shell.run(buildspec.version === 0.1 ? `(\n${command}\n)` : command)
  if (status === 0) return undefined
  return new PhaseFailure(
    'COMMAND_EXECUTION_ERROR',
    `Error while executing command: ${log.masked(command.trimEnd())}. Reason: exit status ${status}`,
  )
}
