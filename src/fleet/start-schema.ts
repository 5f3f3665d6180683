/** Schema of what starts a pipeline, besides a person: its source, the clock, another pipeline. */
import * as z from 'zod/mini'

/** What the source of a pipeline with one source is called. */
export const ONLY_SOURCE = 'source'

const sources = z.array(z.literal(ONLY_SOURCE)).check(z.maxLength(1))

/** AWS: a schedule of EventBridge, `rate(…)` or `cron(…)` in UTC; what stands in the brackets it checks itself. */
const schedule = z
  .string()
  .check(
    z.regex(/^(rate|cron)\([^()]+\)$/, 'must be written rate(1 hour) or cron(0 6 ? * MON *)'),
    z.maxLength(256),
  )

export const startSchema = z.union([
  z.literal(ONLY_SOURCE),
  sources,
  z.strictObject({
    sources: z
      ._default(sources, [ONLY_SOURCE])
      .check(z.describe('whose changes start it; an empty list for none')),
    schedule: z
      .optional(schedule)
      .check(z.describe('also by the clock, in UTC → a rule with ScheduleExpression')),
    after: z
      .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(50)))
      .check(z.describe('also when one of these pipelines has succeeded → a rule for their events')),
  }),
])
export type StartFile = z.output<typeof startSchema>

/** What starts a pipeline. */
export interface FleetStart {
  /** Whether a change of the source does. */
  readonly bySource: boolean
  readonly schedule?: string
  /** Ids of pipelines whose success does. */
  readonly after: readonly string[]
}

/** Gives it with defaults: a change of the source and nothing else. */
export function resolveStart(file: StartFile | undefined): FleetStart {
  if (file === undefined || typeof file === 'string') return { bySource: true, after: [] }
  if (Array.isArray(file)) return { bySource: file.length > 0, after: [] }
  const { sources: named, schedule: clock, after = [] } = file
  return { bySource: named.length > 0, ...(clock && { schedule: clock }), after }
}
