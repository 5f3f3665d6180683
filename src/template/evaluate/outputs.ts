/** The Outputs section of a template, evaluated. */

import { shown } from '../values/shown.ts'
import type { Evaluated } from './evaluate.ts'

export interface EvaluatedOutput {
  readonly key: string
  readonly value: string
  readonly description?: string
  readonly exportName?: string
}

/** Gives the outputs whose conditions hold. Errors: TemplateFault for a value that cannot be evaluated. */
export function outputsOf({ template, value, outputs }: Evaluated): EvaluatedOutput[] {
  return outputs.map((key) => {
    const { Value: written, Description, Export } = template.Outputs![key]!
    const given = shown(value(written) ?? '')
    return {
      key,
      value: typeof given === 'object' ? JSON.stringify(given) : String(given),
      description: Description,
      exportName: Export ? String(shown(value(Export.Name) ?? '')) : undefined,
    }
  })
}

/** Gives AWS's words for an export's name that is taken. AWS: names of exports are unique in an account and region. */
export const alreadyExported = (name: string, stack: string): string =>
  `Export with name ${name} is already exported by stack ${stack}`
