/** Waiting until what somebody else does is over. */
import type { Cloud } from './cloud.ts'
import type { EventKind } from './event-bus.ts'

/**
 * Looks once, and again whenever something is told of what is waited for, until `done` gives something.
 * Errors: those of `look`, or a plain one when the cloud stops.
 */
export async function watch<E, T, R>(
  { bus, signal }: Pick<Cloud, 'bus' | 'signal'>,
  kind: EventKind<E>,
  concerns: (told: E) => boolean,
  look: () => Promise<T>,
  done: (seen: T) => R | undefined,
): Promise<R> {
  let told = false
  let wake: () => void = () => undefined
  const stopListening = bus.on(kind, (event) => {
    if (!concerns(event)) return
    told = true
    wake()
  })
  const aborted = () => wake()
  signal.addEventListener('abort', aborted)
  try {
    while (!signal.aborted) {
      // What is told during the look may be newer than what it saw.
      told = false
      const result = done(await look())
      if (result !== undefined) return result
      if (!told && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    stopListening()
    signal.removeEventListener('abort', aborted)
  }
  throw new Error('the cloud stops')
}
