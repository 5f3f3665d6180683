/** The builds that run in this process: how each is ended from outside. */

/** Ended by a person, by its timeout, or with the cloud. */
export type EarlyEnd = 'STOPPED' | 'TIMED_OUT' | 'FAULT'

export interface RunningBuild {
  ended?: EarlyEnd
  /** Kills what the build runs right now. */
  kill: () => void
}

/** By the build's ARN. */
export const running = new Map<string, RunningBuild>()

/** Ends a running build; the phase it is in is recorded with the given status. */
export function endBuild(arn: string, status: EarlyEnd): void {
  const build = running.get(arn)
  if (!build) return
  build.ended ??= status
  build.kill()
}

/** What the phase that was cut short tells of it. */
export const EARLY_END_CONTEXT = {
  STOPPED: { statusCode: '', message: '' },
  TIMED_OUT: { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out. ' },
  FAULT: {
    statusCode: 'INTERNAL_ERROR',
    message: 'Internal Service Error: the embedded cloud was stopped while the build ran.',
  },
} as const
