/** Paths and operations of an API's body that hang on the conditions of what is behind them. */
import { conditional, only } from './conditional.ts'
import type { Expansion } from './expansion.ts'
import { type PythonDict, UserText } from './python-dict.ts'
import { pathCondition, type Route } from './routes.ts'

/** AWS: what hangs on a condition is left out of the body with it, the path too where all of its methods do. */
export function wrapConditions(
  id: string,
  paths: PythonDict,
  routes: readonly Route[],
  into: Expansion,
): void {
  for (const [key, item] of paths.entries()) {
    const path = key instanceof UserText ? key.text : key
    const own = routes.filter((one) => one.path === path)
    for (const { method, source } of own) {
      const operation = (item as PythonDict).get(method)
      if (source.attributes.Condition !== undefined)
        (item as PythonDict).set(method, conditional(source.attributes.Condition, operation))
    }
    const condition = pathCondition(id, path, own, into)
    if (condition !== undefined) paths.set(key, only(condition, item))
  }
}
