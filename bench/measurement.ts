/** One figure of a benchmark, what it stands beside, and what it aims at. */
export interface Measurement {
  readonly name: string
  /** NaN when it could not be measured; the note says why. */
  readonly value: number
  readonly unit: 'ms' | '1/s' | 'MB' | '%'
  /** The same measured in the same run of a peer, or of something that does nothing but what cannot be left out. */
  readonly beside?: readonly Beside[]
  readonly aim?: Aim
  readonly note?: string
}

export interface Beside {
  /** `moto`, `floor` … */
  readonly name: string
  readonly value: number
}

/** A bound of the value, or of the value divided by what it stands beside. */
export interface Aim {
  readonly atMost?: number
  readonly atLeast?: number
  /** The bound is so many times the value of this one. */
  readonly timesOf?: string
}

/** Gives the figure in the place of one that could not be taken. */
export const skipped = (name: string, why: string): Measurement => ({
  name,
  value: Number.NaN,
  unit: 'ms',
  note: `skipped: ${why}`,
})

/** Whether the aim is met; undefined without one, or without what it is measured by. */
export function isMet({ value, aim, beside = [] }: Measurement): boolean | undefined {
  if (!aim || Number.isNaN(value)) return undefined
  const other = aim.timesOf === undefined ? 1 : beside.find(({ name }) => name === aim.timesOf)?.value
  if (other === undefined || Number.isNaN(other)) return undefined
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = aim
  return value / other <= atMost && value / other >= atLeast
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Milliseconds of the fastest of several rounds: what else the machine does can only add to it. */
export function fastest(rounds: number, act: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    act()
    least = Math.min(least, performance.now() - start)
  }
  return least
}
