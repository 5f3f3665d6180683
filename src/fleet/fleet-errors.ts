/** Everything that is wrong in a fleet file, reported at once. */
import type { FleetError } from '../model/index.ts'

/** How many errors are told. Whoever has more mends these first; each takes looking up its place and a way out. */
export const MOST_TOLD = 20

/** Carries the errors of a fleet file, in the order of their lines: all, or the first and how many more there are. */
export class FleetErrors extends Error {
  override readonly name = 'FleetErrors'
  readonly errors: readonly FleetError[]
  /** `and 19,980 more`, where not all are among them. */
  readonly more?: string

  /** `further` counts errors that are not among those given. */
  constructor(errors: readonly FleetError[], further = 0) {
    // What stands in `defaults` is wrong in every pipeline that takes it, and told once.
    const once = new Map(errors.map((error) => [String(error), error]))
    const sorted = [...once.values()].sort(
      (a, b) =>
        (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
        (a.location?.column ?? 0) - (b.location?.column ?? 0),
    )
    const told = sorted.slice(0, MOST_TOLD)
    const untold = sorted.length - told.length + further
    const more = untold > 0 ? `and ${untold.toLocaleString('en-US')} more` : undefined
    super([...told.map(String), ...(more ? [more] : [])].join('\n'))
    this.errors = told
    this.more = more
  }
}
