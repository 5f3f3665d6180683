/** The template configuration file of a CloudFormation action, read where it stands beside the template. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { FleetError, readJson } from '../model/index.ts'
import type { DeployedStack } from '../pipeline/index.ts'

export interface TemplateConfiguration {
  readonly parameters: Readonly<Record<string, string>>
  /** Whether it gives the whole stack tags. */
  readonly tagged: boolean
}

/**
 * Gives the configuration that an action names, when it stands beside the template as it does in the artifact.
 * Errors: FleetError where it is no JSON.
 * AWS: JSON with Parameters, Tags and StackPolicy.
 */
export function templateConfiguration(
  { settings, template }: Pick<DeployedStack, 'settings' | 'template'>,
  templateFile: string,
): TemplateConfiguration | undefined {
  if (!settings) return undefined
  const file = join(rootOf(normalize(templateFile), normalize(template?.path ?? '')), settings.path)
  if (!existsSync(file)) return undefined
  try {
    const { Parameters = {}, Tags = {} } = readJson(readFileSync(file, 'utf8')) as {
      readonly Parameters?: object
      readonly Tags?: object
    }
    const parameters = Object.fromEntries(
      Object.entries(Parameters).map(([name, value]) => [name, String(value)]),
    )
    return { parameters, tagged: Object.keys(Tags).length > 0 }
  } catch (cause) {
    throw new FleetError(`the template configuration is no JSON: ${(cause as Error).message}`, {
      location: { file },
      fix: 'write { "Parameters": { "Name": "value" } }',
    })
  }
}

/** The folder that is the artifact's root, told by the template's path in it; else the template's own folder. */
function rootOf(file: string, inArtifact: string): string {
  const isThere = file === inArtifact || file.endsWith(`/${inArtifact}`)
  return isThere ? file.slice(0, file.length - inArtifact.length) || '.' : dirname(file)
}
