/** The template configuration file of a CloudFormation action: parameters, tags and the stack's policy, as JSON. */
import { readJson } from '../model/index.ts'

export interface TemplateConfiguration {
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly Tags?: Readonly<Record<string, unknown>>
  readonly StackPolicy?: unknown
}

/**
 * Gives what stands in the text of such a file. Throws: SyntaxError where it is no JSON object with objects in it.
 * AWS: continuous-delivery-codepipeline-cfn-artifacts.html.
 */
export function readTemplateConfiguration(text: string): TemplateConfiguration {
  const configuration = objectIn(readJson(text), 'it')
  for (const name of ['Parameters', 'Tags', 'StackPolicy'])
    if (configuration[name] !== undefined) objectIn(configuration[name], `"${name}"`)
  return configuration
}

function objectIn(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  throw new SyntaxError(`${what} is no JSON object`)
}

/** AWS: the value of a list parameter is its items with commas between them. */
export const parameterText = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(',') : String(value)
