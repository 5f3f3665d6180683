/** Where many pipelines stand: each as it is, or why nothing is known of it. */
import type { LiveFleet } from './live-fleet.ts'
import { sideBySide } from './side-by-side.ts'
import { type Standing, standing } from './standing.ts'

/** Pipelines that are looked at side by side: more gain nothing, and AWS throttles by account. */
const WIDTH = 16

export interface StandingLook {
  /** The fleet's key for the pipeline. */
  readonly id: string
  readonly standing?: Standing
  /** Why nothing is known of it. */
  readonly error?: unknown
}

/** Gives where all pipelines of a fleet stand, in the order of its file. Errors: what stands in the way of all alike. */
export async function standings(fleet: LiveFleet): Promise<StandingLook[]> {
  const { pipelines } = fleet.assembly
  await fleet.accounts.verify(fleet.hub)
  const found = await sideBySide(pipelines, WIDTH, ({ declaration }) => standing(fleet, declaration))
  const reasons = found.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (found.length && reasons.length === found.length && new Set(reasons.map(String)).size === 1)
    throw reasons[0]
  return found.map((one, index) => {
    const { id } = pipelines[index]!
    return one.status === 'fulfilled' ? { id, standing: one.value } : { id, error: one.reason }
  })
}
