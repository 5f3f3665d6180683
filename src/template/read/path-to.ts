/** Finds the place of a reference within a value. */
import { eachReference, type Reference } from '../evaluate/references.ts'
import { TemplateFault, type TemplatePath } from './template-fault.ts'

/** Where the innermost function is that gives a reference of which `test` holds; sought only once there is a fault. */
export function pathTo(value: unknown, path: TemplatePath, test: (one: Reference) => boolean): TemplatePath {
  return within(value, path, test) ?? path
}

function within(
  value: unknown,
  path: TemplatePath,
  test: (one: Reference) => boolean,
): TemplatePath | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, one] of Object.entries(value)) {
    const found = within(one, [...path, Array.isArray(value) ? Number(key) : key], test)
    if (found) return found
  }
  let holds = false
  if (!Array.isArray(value) && Object.keys(value).length === 1)
    try {
      eachReference(value, (one) => {
        holds ||= test(one)
      })
    } catch (error) {
      // What is malformed names nothing; it is told elsewhere.
      if (!(error instanceof TemplateFault)) throw error
    }
  return holds ? path : undefined
}
