/** Rules for triggers: which source action, and which filters. */
import type { PipelineDeclaration } from '../../model/index.ts'
import type { PlacedAction } from '../placed-action.ts'
import { badValue, repeated, structure, type Violation } from '../violation.ts'

/** A trigger as CodePipeline takes it. AWS: PipelineTriggerDeclaration. */
export interface GitTrigger {
  readonly providerType?: string
  readonly gitConfiguration?: {
    readonly sourceActionName?: string
    readonly push?: readonly TriggerFilter[]
    readonly pullRequest?: readonly TriggerFilter[]
  }
}

export interface TriggerFilter {
  readonly events?: readonly string[]
  readonly branches?: Globs
  readonly tags?: Globs
  readonly filePaths?: Globs
}

export interface Globs {
  readonly includes?: readonly string[]
  readonly excludes?: readonly string[]
}

const BYTES = 200 * 1024

export function checkTriggers(pipeline: PipelineDeclaration, actions: readonly PlacedAction[]): Violation[] {
  const triggers = (pipeline.triggers ?? []) as readonly GitTrigger[]
  const sources = triggers.map((one) => one.gitConfiguration?.sourceActionName ?? '')
  const size = Buffer.byteLength(JSON.stringify(triggers))
  return [
    ...(size > BYTES
      ? [badValue('triggers', `triggers has ${size} bytes; at most ${BYTES} are allowed`)]
      : []),
    ...repeated(sources).map((name) =>
      structure('triggers', `Source action ${name} has more than one trigger`),
    ),
    ...triggers.flatMap((trigger, index) => checkTrigger(trigger, `triggers[${index}]`, actions)),
  ]
}

function checkTrigger(trigger: GitTrigger, path: string, actions: readonly PlacedAction[]): Violation[] {
  const { providerType, gitConfiguration: git } = trigger
  const source = actions.find((one) => one.stageIndex === 0 && one.action.name === git?.sourceActionName)
  const violations: Violation[] = []
  if (source?.action.actionTypeId.provider !== providerType)
    violations.push(
      structure(
        `${path}.gitConfiguration.sourceActionName`,
        `Trigger names the source action ${git?.sourceActionName}, which is no ${providerType} action of the pipeline`,
      ),
    )
  for (const kind of ['push', 'pullRequest'] as const) {
    const filters = git?.[kind]
    filters?.forEach((filter, index) => {
      violations.push(...checkFilter(filter, kind, `${path}.gitConfiguration.${kind}[${index}]`))
    })
  }
  return violations
}

function checkFilter(filter: TriggerFilter, kind: 'push' | 'pullRequest', path: string): Violation[] {
  const { branches, tags, filePaths } = filter
  const violations: Violation[] = []
  if (tags && (branches || filePaths || kind === 'pullRequest'))
    violations.push(
      structure(path, `${path} combines tags with something else; tags stand alone in a push filter`),
    )
  if (filePaths && !branches)
    violations.push(structure(path, `${path} filters by file paths and needs branches as well`))
  return violations
}
