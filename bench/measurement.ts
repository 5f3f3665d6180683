/** One figure of a benchmark. */
export interface Measurement {
  readonly name: string
  /** NaN when it could not be measured; the note says why. */
  readonly value: number
  readonly unit: string
  /** What it stands beside: a peer, a floor, an aim. */
  readonly note?: string
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
