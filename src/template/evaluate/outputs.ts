/** The Outputs section of a template, evaluated. */
import type { Evaluated } from './evaluate.ts'
import { resolve } from './resolve.ts'

export interface EvaluatedOutput {
  readonly key: string
  readonly value: string
  readonly description?: string
  readonly exportName?: string
}

/** Gives the outputs whose conditions hold. Errors: ValidationError for a value that cannot be resolved. */
export function outputsOf(evaluated: Evaluated): EvaluatedOutput[] {
  const { template, scope } = evaluated
  return evaluated.outputs.map((key) => {
    const { Value, Description, Export } = template.Outputs![key]!
    const value = resolve(Value, scope)
    return {
      key,
      value: typeof value === 'object' ? JSON.stringify(value) : String(value),
      description: Description,
      exportName: Export ? String(resolve(Export.Name, scope)) : undefined,
    }
  })
}
