/** The template configuration file of a CloudFormation action, read where it stands beside the template. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { FleetError } from '../model/index.ts'
import { type DeployedStack, parameterText, readTemplateConfiguration } from '../pipeline/index.ts'
import { placesIn, type TemplateDocument } from '../template/index.ts'

export type ConfigurationFile =
  | {
      readonly state: 'read'
      readonly file: string
      readonly parameters: Readonly<Record<string, string>>
      /** Whether it gives the whole stack tags. */
      readonly tagged: boolean
      /** Whether it gives the stack a policy. */
      readonly policy: boolean
      readonly placeOf: TemplateDocument['placeOf']
    }
  /** `isCertain`: the template stands where it stands in the artifact, so that the file would have to be there too. */
  | { readonly state: 'absent'; readonly file: string; readonly isCertain: boolean }

/**
 * Gives the configuration that an action names, when it stands beside the template as it does in the artifact; undefined
 * where the action names none. Errors: FleetError where it is no JSON.
 */
export function templateConfiguration(
  { settings, template }: Pick<DeployedStack, 'settings' | 'template'>,
  templateFile: string,
): ConfigurationFile | undefined {
  if (!settings) return undefined
  const root = rootOf(normalize(templateFile), normalize(template?.path ?? ''))
  const file = join(root ?? dirname(templateFile), settings.path)
  const isCertain = root !== undefined && template?.artifact === settings.artifact
  if (!existsSync(file)) return { state: 'absent', file, isCertain }
  const text = readFileSync(file, 'utf8')
  try {
    const { Parameters = {}, Tags = {}, StackPolicy } = readTemplateConfiguration(text)
    const parameters = Object.fromEntries(
      Object.entries(Parameters).map(([name, value]) => [name, parameterText(value)]),
    )
    return {
      state: 'read',
      file,
      parameters,
      tagged: Object.keys(Tags).length > 0,
      policy: StackPolicy !== undefined,
      placeOf: placesIn(text),
    }
  } catch (cause) {
    const { message } = cause as Error
    throw new FleetError(`the template configuration is no JSON: ${message}`, {
      location: { file, ...placeIn(text, message) },
      fix: 'write { "Parameters": { "Name": "value" } }',
    })
  }
}

/** JSON.parse tells the offset at which it gave up. */
function placeIn(text: string, message: string): { line: number; column: number } | undefined {
  const [, offset] = /at position (\d+)/.exec(message) ?? []
  if (offset === undefined) return undefined
  const before = text.slice(0, Number(offset)).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** The folder that is the artifact's root, told by the template's path in it. */
function rootOf(file: string, inArtifact: string): string | undefined {
  const isThere = file === inArtifact || file.endsWith(`/${inArtifact}`)
  return isThere ? file.slice(0, file.length - inArtifact.length) || '.' : undefined
}
