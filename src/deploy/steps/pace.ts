/** How often a deployment looks at what goes on. */

export interface Pace {
  /** Most milliseconds between two looks. */
  readonly interval: number
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Gives what rests between looks: briefly at first, for what is done at once, then longer up to the pace's interval. */
export function resting({ interval, sleep }: Pace): () => Promise<void> {
  let next = interval / 12
  return () => {
    const now = next
    next = Math.min(now * 1.25, interval)
    return sleep(now)
  }
}
