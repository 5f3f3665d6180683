/** Waiting for Ctrl-C, or for the end that a process manager asks for. */

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    const first = () => {
      for (const signal of signals) process.off(signal, first)
      resolve()
    }
    for (const signal of signals) process.on(signal, first)
  })
}
