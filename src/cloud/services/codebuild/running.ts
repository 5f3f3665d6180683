/** The builds that run in this process: how each is ended from outside. */

export interface RunningBuild {
  /** Set when the build was stopped by a person or by its timeout. */
  ended?: 'STOPPED' | 'TIMED_OUT'
  /** Kills what the build runs right now. */
  kill: () => void
}

/** By the build's ARN. */
export const running = new Map<string, RunningBuild>()

/** Ends a running build; its phases are recorded with the given status. */
export function endBuild(arn: string, status: 'STOPPED' | 'TIMED_OUT'): void {
  const build = running.get(arn)
  if (!build) return
  build.ended ??= status
  build.kill()
}
