/** Schema of what starts a pipeline, besides a person: its sources, the clock, another pipeline. */
import * as z from 'zod/mini'
import { FleetError, nearest } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'

/** What the source of a pipeline with one source is called. */
export const ONLY_SOURCE = 'source'

const source = z.string().check(z.minLength(1))
const sources = z.array(source)

/** AWS: a schedule of EventBridge, `rate(…)` or `cron(…)` in UTC; what stands in the brackets it checks itself. */
const schedule = z
  .string()
  .check(
    z.regex(/^(rate|cron)\([^()]+\)$/, 'must be written rate(1 hour) or cron(0 6 ? * MON *)'),
    z.maxLength(256),
  )

export const startSchema = z.union([
  source,
  sources,
  z.strictObject({
    sources: z
      .optional(sources)
      .check(z.describe('whose changes start it, the only one without it; an empty list for none')),
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
  /** Names of the sources whose changes do. */
  readonly sources: readonly string[]
  readonly schedule?: string
  /** Ids of pipelines whose success does. */
  readonly after: readonly string[]
}

export interface StartsOf {
  /** The pipeline. */
  readonly id: string
  /** Names of all its sources. */
  readonly sources: readonly string[]
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** Gives it with defaults: a change of the only source. Of several sources the file must say which; nothing guesses. */
export function resolveStart(
  file: StartFile | undefined,
  { id, sources: all, document, errors }: StartsOf,
): FleetStart {
  const path: DataPath = ['pipelines', id, 'start']
  const isMap = typeof file === 'object' && !Array.isArray(file)
  const { schedule: clock, after = [] } = isMap ? file : {}
  const named = isMap ? file.sources : file
  if (named === undefined && all.length > 1)
    errors.push(
      new FleetError(
        `${id} has ${NUMBERS[all.length] ?? all.length} sources and nothing says which starts it`,
        {
          location: document.locate(file === undefined ? ['pipelines', id, 'sources'] : path),
          fix: isMap
            ? `add \`sources: [${all.at(-1)}]\`, the one put last`
            : `add \`start: ${all.at(-1)}\`, the one put last`,
        },
      ),
    )
  const given = named === undefined ? all.slice(0, 1) : [named].flat()
  for (const [index, one] of given.entries()) {
    if (all.includes(one)) continue
    const at = [...path, ...(isMap ? ['sources'] : []), ...(typeof named === 'string' ? [] : [index])]
    const meant = nearest(one, all)
    errors.push(
      new FleetError(`there is no source \`${one}\` in ${id}`, {
        location: document.locate(at),
        fix: meant ? `write \`${meant}\`` : `use one of ${all.join(', ')}`,
      }),
    )
  }
  return { sources: given, ...(clock && { schedule: clock }), after }
}
