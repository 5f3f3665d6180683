/** Paths into a state's data and into the context of its execution, and where results go. */
import { entryOf } from '../../../../model/index.ts'
import { parsePath } from '../../../machine/json-path.ts'
import { StateError } from './state-error.ts'

/** What paths are looked up in: `$` is the data, `$$` the context object. */
export interface Scope {
  readonly data: unknown
  readonly context: unknown
}

const parts = (path: string) =>
  path.startsWith('$$')
    ? { of: 'context' as const, rest: path.slice(1) }
    : { of: 'data' as const, rest: path }

/** Gives what is wrong with a path, in words. */
export const pathProblem = (path: string): string | undefined =>
  /^States\./.test(path) || parsePath(parts(path).rest) ? undefined : `Value is not a valid JSONPath: ${path}`

/** Gives what is at a path; undefined where there is nothing. */
export function lookUp({ data, context }: Scope, path: string): unknown {
  const { of, rest } = parts(path)
  const walk = parsePath(rest)
  if (!walk) throw new StateError('States.Runtime', `Invalid path '${path}'`)
  return walk(of === 'data' ? data : context)
}

/** Gives what is at a path. Errors: StateError where there is nothing. */
export function valueAt(scope: Scope, path: string, error = 'States.Runtime'): unknown {
  const found = lookUp(scope, path)
  if (found !== undefined) return found
  throw new StateError(
    error,
    `The JSONPath '${path}' could not be found in the input '${JSON.stringify(scope.data)}'`,
  )
}

/** AWS: `null` as InputPath or OutputPath gives an empty object. */
export const filtered = (scope: Scope, path: string | null | undefined): unknown =>
  path === null ? {} : path === undefined || path === '$' ? scope.data : valueAt(scope, path)

/** Gives the data with a result at a place in it. AWS: `null` as ResultPath drops the result, `$` puts it over everything. */
export function placed(data: unknown, result: unknown, path: string | null | undefined): unknown {
  if (path === null) return data
  if (path === undefined || path === '$') return result
  const steps = [...path.matchAll(/\.([\w/-]+)|\[(\d+)\]|\['([^'\]]+)'\]|\["([^"\]]+)"\]/g)].map(
    ([, dotted, index, single, double]) => dotted ?? single ?? double ?? Number(index),
  )
  return put(data, result, steps)
}

function put(data: unknown, result: unknown, [step, ...rest]: readonly (string | number)[]): unknown {
  if (step === undefined) return result
  if (data !== undefined && (typeof data !== 'object' || data === null))
    throw new StateError(
      'States.ResultPathMatchFailure',
      `Unable to apply the ResultPath to the input '${JSON.stringify(data)}'`,
    )
  if (Array.isArray(data)) return data.map((one, index) => (index === step ? put(one, result, rest) : one))
  const record = (data ?? {}) as Record<string | number, unknown>
  return { ...record, [step]: put(entryOf(record, step), result, rest) }
}
