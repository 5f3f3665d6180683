/** A state under way: what came in, and how its data is seen and handed on. */
import type { State } from './asl.ts'
import { filledIn } from './intrinsics.ts'
import { filtered, type Scope } from './paths.ts'
import type { Run } from './run.ts'

/** A state under way. */
export interface Visit {
  readonly run: Run
  readonly name: string
  readonly state: State
  /** What came in, before InputPath. */
  readonly raw: unknown
  readonly context: Record<string, unknown>
}

/** Where a state leads, and with what. */
export interface Step {
  readonly next?: string
  readonly output: unknown
}

export const scopeOf = ({ raw, context }: Visit, data: unknown = raw): Scope => ({ data, context })

export const inputOf = (visit: Visit): unknown => filtered(scopeOf(visit), visit.state.InputPath)

/** AWS: the context object and intrinsic functions are for Parameters and ResultSelector alike. */
export const shaped = (visit: Visit, template: unknown, data: unknown): unknown =>
  template === undefined
    ? data
    : filledIn(template, scopeOf(visit, data), {
        uuid: () => visit.run.once('uuid', () => visit.run.uuid()),
        random: () => visit.run.once('random', () => Math.random()),
      })

export const leave = (visit: Visit, data: unknown): Step => ({
  next: visit.state.Next,
  output: filtered(scopeOf(visit, data), visit.state.OutputPath),
})
