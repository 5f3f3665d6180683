/** Work that changes a fleet: nobody else changes it meanwhile, and Ctrl-C says what goes on without us. */
import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import type { FleetLock, LockContext } from '../deploy/index.ts'
import type { Invocation } from './command.ts'
import type { Terminal } from './terminal.ts'

export const FORCE_UNLOCK_OPTION = {
  flags: '--force-unlock',
  description: 'take the fleet’s lock, though somebody else has it',
}

/** What ends work from outside, and what a shell says of a program that it has ended. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** Who holds the lock, for others to read. */
export function lockContext(
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
  what: string,
): Omit<LockContext, 'accounts' | 'now'> {
  return {
    holder: { who: whoIsThis(process.env), what, token: randomUUID() },
    force: options.forceUnlock === true,
    lost: ({ who }) =>
      terminal.warn(terminal.colors.yellow(`${who} has taken the fleet’s lock: two change it now`)),
  }
}

/** The run of a service that runs programs, by the variables that it sets; else a person at a machine. */
export function whoIsThis(environment: NodeJS.ProcessEnv): string {
  const {
    CODEBUILD_BUILD_ID,
    GITHUB_ACTOR,
    GITHUB_REPOSITORY,
    GITHUB_RUN_ID,
    CI_JOB_URL,
    GITLAB_USER_LOGIN,
  } = environment
  if (CODEBUILD_BUILD_ID) return `the build ${CODEBUILD_BUILD_ID}`
  if (GITHUB_RUN_ID) return `${GITHUB_ACTOR} (run ${GITHUB_RUN_ID} of ${GITHUB_REPOSITORY})`
  if (CI_JOB_URL) return `${GITLAB_USER_LOGIN} (${CI_JOB_URL})`
  return `${userInfo().username} on ${hostname()}`
}

/**
 * Runs work that takes the lock. Ctrl-C, or the end that a CI service asks for, gives it back, says how to go on, and ends the
 * process: what CloudFormation has begun it goes on with.
 */
export async function holding<T>(
  terminal: Terminal,
  again: string,
  work: (taken: (lock: FleetLock) => void) => Promise<T>,
): Promise<T> {
  let lock: FleetLock | undefined
  const end = async (signal: keyof typeof SIGNALS): Promise<void> => {
    terminal.keep()
    terminal.mute()
    terminal.warn(
      lock
        ? `interrupted; CloudFormation ends what it has begun, and "${again}" goes on from there. Nothing is taken back.`
        : 'interrupted; nothing was begun',
    )
    await lock?.release().catch(() => undefined)
    process.exit(SIGNALS[signal])
  }
  const interrupted = (signal: NodeJS.Signals) => void end(signal as keyof typeof SIGNALS)
  const signals = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]
  for (const signal of signals) process.once(signal, interrupted)
  try {
    return await work((taken) => {
      lock = taken
    })
  } finally {
    for (const signal of signals) process.off(signal, interrupted)
  }
}
