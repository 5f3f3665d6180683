/** AWS::CodePipeline::Pipeline. */
import type {
  ActionDeclaration,
  ArtifactStore,
  PipelineDeclaration,
  StageDeclaration,
} from '../../../model/index.ts'
import { type ResourceReader, textOf } from '../gathering.ts'
import { physicalName } from '../physical-id.ts'

export const pipeline: ResourceReader = {
  type: 'AWS::CodePipeline::Pipeline',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const name = physicalName(scope.named(logicalId))
    const { account, region } = origin
    into.pipelines.push({ account, region, origin, declaration: declarationOf(properties, name) })
  },
}

type Stores = readonly { Region?: unknown; ArtifactStore?: unknown }[]

/** AWS: CloudFormation's properties are the API's fields with capitals; artifact stores are a list there. */
function declarationOf(properties: Readonly<Record<string, unknown>>, name: string): PipelineDeclaration {
  const { ArtifactStores, ArtifactStore: store, Stages } = properties
  const stages = Array.isArray(Stages) ? Stages : []
  return {
    name,
    roleArn: textOf(properties.RoleArn) ?? '',
    ...(store !== undefined && { artifactStore: lowered(store) as ArtifactStore }),
    ...(Array.isArray(ArtifactStores) && {
      artifactStores: Object.fromEntries(
        (ArtifactStores as Stores).map((one) => [
          textOf(one.Region) ?? '',
          lowered(one.ArtifactStore) as ArtifactStore,
        ]),
      ),
    }),
    stages: stages.map(stageOf),
    ...(properties.PipelineType !== undefined && {
      pipelineType: textOf(properties.PipelineType) as PipelineDeclaration['pipelineType'],
    }),
  }
}

function stageOf(stage: { Name?: unknown; Actions?: unknown }): StageDeclaration {
  const actions = Array.isArray(stage.Actions) ? stage.Actions : []
  return { name: textOf(stage.Name) ?? '', actions: actions.map(actionOf) }
}

function actionOf(action: Readonly<Record<string, unknown>>): ActionDeclaration {
  const { Configuration = {}, RunOrder, ...rest } = action
  const configuration = Object.fromEntries(
    Object.entries(Configuration as Record<string, unknown>).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
  return {
    ...(lowered(rest) as ActionDeclaration),
    ...(RunOrder !== undefined && { runOrder: Number(RunOrder) }),
    configuration,
  }
}

/** Puts the first letter of every key in lower case. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), lowered(item)]),
  )
}
