/** Artifacts that the fleet file expects of builds, held against the buildspecs that stand beside it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expandText, type Fleet, type FleetPipeline } from '../fleet/index.ts'
import { FleetError, isTooDeepYaml, yamlDocument } from '../model/index.ts'
import { pipelineScope } from './scopes.ts'

/**
 * Gives a warning for each artifact that a buildspec does not make. AWS: several artifacts of an action are all secondary
 * ones, whose identifiers in the buildspec are their names ("AWS CodeBuild build and test action reference"). A buildspec
 * that is not beside the fleet file, or of another repository, is not judged by more than a warning.
 */
export function buildOutputWarnings(fleet: Fleet, pipeline: FleetPipeline): FleetError[] {
  return pipeline.builds.flatMap(({ buildspec, outputs, location, batch }) => {
    if (buildspec === undefined || outputs.length < 2 || batch) return []
    const name = expandText(buildspec, pipelineScope(fleet, pipeline))
    const made = secondaryArtifacts(resolve(fleet.directory, name))
    if (!made) return []
    return outputs
      .filter((output) => !made.includes(output))
      .map(
        (output) =>
          new FleetError(`${name} makes no artifact \`${output}\``, {
            location,
            fix: `describe it there, under \`artifacts: secondary-artifacts: ${output}:\``,
          }),
      )
  })
}

/** The names of them in a file; undefined where there is none that can be read. */
function secondaryArtifacts(file: string): string[] | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  if (isTooDeepYaml(text)) return undefined
  const document = yamlDocument(text)
  if (document.errors.length) return undefined
  const spec = document.toJS({ maxAliasCount: 100 }) as { artifacts?: Record<string, unknown> } | null
  return Object.keys((spec?.artifacts?.['secondary-artifacts'] as object | undefined) ?? {})
}
