/** Reading the fields of an AppSpec file: AWS writes their names in either case, and takes both. */
import { isTooDeepYaml, yamlDocument } from '../../../../model/index.ts'

/** What is wrong with an AppSpec file, in a sentence. */
export class AppSpecError extends Error {
  override readonly name = 'AppSpecError'
}

export type Fields = Readonly<Record<string, unknown>>

/** Gives the top of an AppSpec file in YAML, of which JSON is a part. Errors: AppSpecError. */
export function parseAppSpec(text: string): Fields {
  if (isTooDeepYaml(text)) throw new AppSpecError('The AppSpec file is nested too deeply.')
  const document = yamlDocument(text)
  const [problem] = document.errors
  if (problem)
    throw new AppSpecError(`The AppSpec file is no YAML and no JSON: ${problem.message.split('\n')[0]}`)
  return fieldsOf(document.toJS(), 'The AppSpec file')
}

/** Errors: AppSpecError where a value is no mapping. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new AppSpecError(`${what} is no mapping.`)
}

/** Errors: AppSpecError where a value is there and no list. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new AppSpecError(`${what} is no list.`)
}

/** Gives the value under a name, however its letters are written. */
export const field = (fields: Fields, name: string): unknown =>
  Object.entries(fields).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

/** Errors: AppSpecError where a field that must be there is not, or is no text and no number. */
export function textField(fields: Fields, name: string, what: string): string {
  const value = field(fields, name)
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number') return String(value)
  throw new AppSpecError(`${name} of ${what} is missing or no text.`)
}

/** Errors: AppSpecError naming the first field that is not one of those. */
export function onlyFields(fields: Fields, known: readonly string[], what: string): void {
  const names = new Set(known.map((name) => name.toLowerCase()))
  const other = Object.keys(fields).find((key) => !names.has(key.toLowerCase()))
  if (other !== undefined)
    throw new AppSpecError(`${what} has the field ${other}; it may have ${known.join(', ')}.`)
}
