/** A pipeline's declaration as CloudFormation takes it. */
import type {
  ArtifactStore,
  PipelineDeclaration,
  ResourceProperties,
  TemplateResource,
} from '../model/index.ts'
import { resource } from './resource.ts'

type Properties = ResourceProperties['AWS::CodePipeline::Pipeline']

/**
 * Gives the AWS::CodePipeline::Pipeline of a declaration, with every text that `known` has replaced.
 * AWS: the same fields with capitals, stores as a list. An update ends the executions that run; `restarts` begins anew.
 */
export function pipelineResource(
  declaration: PipelineDeclaration,
  known: ReadonlyMap<string, unknown>,
  dependsOn: readonly string[],
  restarts = false,
): TemplateResource {
  const { artifactStores = {}, version: _version, ...rest } = declaration
  const properties = capitalized(rest, known) as Properties
  const stores = Object.entries(artifactStores).map(([Region, store]) => ({
    Region,
    ArtifactStore: capitalized(store, known) as Capitalized<ArtifactStore>,
  }))
  return resource(
    'AWS::CodePipeline::Pipeline',
    {
      Name: properties.Name,
      PipelineType: properties.PipelineType,
      ExecutionMode: properties.ExecutionMode,
      RoleArn: properties.RoleArn,
      ArtifactStores: stores,
      Stages: properties.Stages,
      ...(restarts && { RestartExecutionOnUpdate: true }),
      ...(properties.Variables && { Variables: properties.Variables }),
      ...(properties.Triggers && { Triggers: properties.Triggers }),
    },
    dependsOn.length ? { DependsOn: dependsOn } : {},
  )
}

type Capitalized<T> = { [Key in keyof T as Capitalize<Key & string>]: Capitalized<T[Key]> }

/** Capitalizes the keys of a value and of all it holds; a configuration's keys are the provider's own. */
function capitalized(value: unknown, known: ReadonlyMap<string, unknown>, keep = false): unknown {
  if (typeof value === 'string') return known.get(value) ?? value
  if (Array.isArray(value)) return value.map((one) => capitalized(one, known))
  if (typeof value !== 'object' || value === null) return value
  const written: Record<string, unknown> = {}
  for (const key in value)
    written[keep ? key : capital(key)] = capitalized(
      (value as Record<string, unknown>)[key],
      known,
      key === 'configuration',
    )
  return written
}

/** Fields that were met, capitalized; there are as many as the declaration has kinds of fields. */
const capitals = new Map<string, string>()

function capital(field: string): string {
  let found = capitals.get(field)
  if (!found) {
    found = field.charAt(0).toUpperCase() + field.slice(1)
    capitals.set(field, found)
  }
  return found
}
