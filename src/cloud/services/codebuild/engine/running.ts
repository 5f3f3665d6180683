/** The builds that run: how each is ended from outside. */
import { type Cloud, part } from '../../../kernel/cloud.ts'

/** Ended by a person, by its timeout, or with the cloud. */
export type EarlyEnd = 'STOPPED' | 'TIMED_OUT' | 'FAULT'

export interface RunningBuild {
  ended?: EarlyEnd
  /** Kills what the build runs right now. */
  kill: () => void
}

const runningBuilds = part({ name: 'running builds', make: () => new Map<string, RunningBuild>() })

/** By the build's ARN. */
export const running = (cloud: Cloud): Map<string, RunningBuild> => cloud.part(runningBuilds)

/** Ends a running build; the phase it is in is recorded with the given status. */
export function endBuild(cloud: Cloud, arn: string, status: EarlyEnd): void {
  const build = running(cloud).get(arn)
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
