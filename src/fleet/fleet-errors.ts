/** Everything that is wrong in a fleet file, reported at once. */
import type { FleetError } from '../model/index.ts'

/** Carries all errors of a fleet file, in the order of their lines. */
export class FleetErrors extends Error {
  override readonly name = 'FleetErrors'
  readonly errors: readonly FleetError[]

  constructor(errors: readonly FleetError[]) {
    const sorted = [...errors].sort(
      (a, b) =>
        (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
        (a.location?.column ?? 0) - (b.location?.column ?? 0),
    )
    super(sorted.map(String).join('\n'))
    this.errors = sorted
  }
}
