/** Schema of what starts a pipeline, besides a person: its source, the clock, another pipeline. */
import { z } from 'zod'

/** What the source of a pipeline with one source is called. */
export const ONLY_SOURCE = 'source'

const sources = z.array(z.literal(ONLY_SOURCE)).max(1)

/** AWS: a schedule of EventBridge, `rate(…)` or `cron(…)` in UTC; what stands in the brackets it checks itself. */
const schedule = z
  .string()
  .regex(/^(rate|cron)\([^()]+\)$/, 'must be written rate(1 hour) or cron(0 6 ? * MON *)')
  .max(256)

export const startSchema = z.union([
  z.literal(ONLY_SOURCE),
  sources,
  z.strictObject({
    sources: sources.default([ONLY_SOURCE]).describe('whose changes start it; an empty list for none'),
    schedule: schedule.optional().describe('also by the clock, in UTC → a rule with ScheduleExpression'),
    after: z
      .array(z.string().min(1))
      .min(1)
      .max(50)
      .optional()
      .describe('also when one of these pipelines has succeeded → a rule for their events'),
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
