/** AWS::CodePipeline::Pipeline. */
import type {
  ActionDeclaration,
  ArtifactStore,
  PipelineDeclaration,
  StageDeclaration,
} from '../../../model/index.ts'
import { type ResourceReader, textOf, textsOf } from '../gathering.ts'

export const pipeline: ResourceReader = {
  type: 'AWS::CodePipeline::Pipeline',
  read: ({ scope, logicalId, origin, properties, when }, into) => {
    const name = scope.nameOf(logicalId)
    const { account, region } = origin
    into.pipelines.push({ account, region, origin, when, declaration: declarationOf(properties, name) })
  },
}

/**
 * AWS: CloudFormation's properties are the API's fields with capitals; artifact stores are a list there. What is not of
 * the type that AWS takes is left out, and CloudFormation refuses it.
 */
function declarationOf(properties: Readonly<Record<string, unknown>>, name: string): PipelineDeclaration {
  const { ArtifactStores, ArtifactStore, PipelineType } = properties
  const store = storeOf(ArtifactStore)
  return {
    name,
    roleArn: textOf(properties.RoleArn) ?? '',
    ...(store && { artifactStore: store }),
    ...(Array.isArray(ArtifactStores) && { artifactStores: storesOf(ArtifactStores.filter(isRecord)) }),
    stages: recordsIn(properties.Stages).map(stageOf),
    ...(PipelineType !== undefined && {
      pipelineType: textOf(PipelineType) as PipelineDeclaration['pipelineType'],
    }),
  }
}

const storesOf = (stores: readonly Fields[]): Record<string, ArtifactStore> =>
  Object.fromEntries(
    stores.flatMap((one) => {
      const store = storeOf(one.ArtifactStore)
      return store ? [[textOf(one.Region) ?? '', store]] : []
    }),
  )

function storeOf(value: unknown): ArtifactStore | undefined {
  if (!isRecord(value)) return undefined
  const key = isRecord(value.EncryptionKey) ? textOf(value.EncryptionKey.Id) : undefined
  return {
    type: 'S3',
    location: textOf(value.Location) ?? '',
    ...(key !== undefined && { encryptionKey: { id: key, type: 'KMS' } }),
  }
}

const stageOf = (stage: Fields): StageDeclaration => ({
  name: textOf(stage.Name) ?? '',
  actions: recordsIn(stage.Actions).map(actionOf),
})

function actionOf(action: Fields): ActionDeclaration {
  const { Configuration, RunOrder, ActionTypeId, Commands, OutputVariables, ...rest } = action
  const type = isRecord(ActionTypeId) ? ActionTypeId : {}
  const configuration = Object.fromEntries(
    Object.entries(isRecord(Configuration) ? Configuration : {}).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
  return {
    name: textOf(rest.Name) ?? '',
    actionTypeId: {
      category: (textOf(type.Category) ?? '') as ActionDeclaration['actionTypeId']['category'],
      owner: (textOf(type.Owner) ?? '') as ActionDeclaration['actionTypeId']['owner'],
      provider: textOf(type.Provider) ?? '',
      version: textOf(type.Version) ?? '',
    },
    ...textsIn(rest),
    ...(RunOrder !== undefined && { runOrder: Number(RunOrder) }),
    ...(Commands !== undefined && { commands: textsOf(Commands) }),
    ...(OutputVariables !== undefined && { outputVariables: textsOf(OutputVariables) }),
    ...artifactsIn(rest),
    configuration,
  }
}

function textsIn({ RoleArn, Region, Namespace }: Fields): Partial<ActionDeclaration> {
  const [roleArn, region, namespace] = [textOf(RoleArn), textOf(Region), textOf(Namespace)]
  return {
    ...(roleArn !== undefined && { roleArn }),
    ...(region !== undefined && { region }),
    ...(namespace !== undefined && { namespace }),
  }
}

const artifactsIn = ({
  InputArtifacts: inputs,
  OutputArtifacts: outputs,
  EnvironmentVariables: variables,
}: Fields): Partial<ActionDeclaration> => ({
  ...(inputs !== undefined && {
    inputArtifacts: recordsIn(inputs).map(({ Name }) => ({ name: textOf(Name) ?? '' })),
  }),
  ...(outputs !== undefined && {
    outputArtifacts: recordsIn(outputs).map(({ Name, Files }) => ({
      name: textOf(Name) ?? '',
      ...(Files !== undefined && { files: textsOf(Files) }),
    })),
  }),
  ...(variables !== undefined && {
    environmentVariables: recordsIn(variables).map(({ Name, Value, Type }) => ({
      name: textOf(Name) ?? '',
      value: textOf(Value) ?? '',
      ...(Type === 'SECRETS_MANAGER' && { type: Type }),
    })),
  }),
})

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const recordsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isRecord) : [])
