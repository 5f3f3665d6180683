/** The health checks of a container. */
import type { RunningContainer } from '../../../../machine/containers/engine.ts'
import type { ContainerDefinition } from './definition.ts'

export type Health = 'HEALTHY' | 'UNHEALTHY'

type Check = NonNullable<ContainerDefinition['healthCheck']>

/** Exit code of a check that took too long. */
const LATE = 124

/**
 * Runs a container's check until the signal, and tells each change.
 * AWS: every 30 seconds, at most 5 of them each, 3 failures in a row; those within the start period do not count, and one
 * success ends it. Real time, as the container has it.
 */
export function watchHealth(
  check: Check,
  container: RunningContainer,
  signal: AbortSignal,
  tell: (health: Health) => void,
): void {
  const { command = [], interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check
  const words = wordsOf(command)
  const graceEnds = Date.now() + startPeriod * 1000
  let [failures, last] = [0, undefined as Health | undefined]
  let over = signal.aborted
  signal.addEventListener('abort', () => {
    over = true
    clearTimeout(timer)
  })
  void container.exited.then(() => {
    over = true
    clearTimeout(timer)
  })
  const change = (health: Health) => {
    if (last !== health) tell(health)
    last = health
  }
  const look = async () => {
    const late = new Promise<number>((resolve) => setTimeout(resolve, timeout * 1000, LATE).unref())
    const code = await Promise.race([container.exec(words), late])
    if (over) return
    if (code === 0) {
      failures = 0
      change('HEALTHY')
    } else if (last === 'HEALTHY' || Date.now() >= graceEnds) {
      failures++
      if (failures >= retries) change('UNHEALTHY')
    }
    timer = setTimeout(look, interval * 1000).unref()
  }
  let timer = setTimeout(look, Math.min(interval, 1) * 1000).unref()
}

/** AWS: `CMD` and words, `CMD-SHELL` and a line for the container's shell; a line alone is one too. */
function wordsOf(command: readonly string[]): readonly string[] {
  const [kind, ...words] = command
  if (kind === 'CMD') return words
  return ['/bin/sh', '-c', kind === 'CMD-SHELL' ? words.join(' ') : command.join(' ')]
}
