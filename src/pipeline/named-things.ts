/** What an action's configuration names: its project, function, service, bucket, key, stack. */
import { entryOf } from '../model/index.ts'
import type { ActionProvider, Named } from './provider.ts'
import { findProvider, type ToldType } from './providers/index.ts'

export type NamedThings = Partial<Readonly<Record<Named, string>>>

/** Gives the names that a configuration tells, by what they name; a variable's value is not known before it runs. */
export function namedThings(
  type: ToldType,
  configuration: Readonly<Record<string, string>> = {},
): NamedThings {
  const keys = findProvider(type)?.configuration ?? {}
  const found: Partial<Record<Named, string>> = {}
  for (const key in keys) {
    const { names } = keys[key]!
    const value = names && entryOf(configuration, key)
    if (names && value && !value.includes('#{')) found[names] = value
  }
  return found
}

/** Gives what works for an action; undefined where it works itself, or is not known. */
export const workerOf = (type: ToldType): ActionProvider['worker'] => findProvider(type)?.worker
