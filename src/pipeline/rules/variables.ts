/** Rules for namespaces and for references to variables. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { type PlacedAction, runsBefore } from '../placed-action.ts'
import { findProvider } from '../providers/index.ts'
import { EXECUTION_NAMESPACE, PIPELINE_NAMESPACE, variableReferences } from '../variables.ts'
import { badAction, repeated, structure, type Violation } from '../violation.ts'

export function checkVariables(pipeline: PipelineDeclaration, actions: readonly PlacedAction[]): Violation[] {
  const namespaces = actions.flatMap((one) => one.action.namespace ?? [])
  const artifacts = new Set(
    actions.flatMap((one) => (one.action.outputArtifacts ?? []).map((artifact) => artifact.name)),
  )
  return [
    ...repeated(namespaces).map((name) =>
      structure(
        'stages',
        `Namespaces must be unique within the pipeline. ${name} has been used more than once.`,
      ),
    ),
    ...[...new Set(namespaces)].flatMap((name) => {
      if (artifacts.has(name))
        return [
          structure(
            'stages',
            `Namespace ${name} is also the name of an artifact; it must differ from all of them`,
          ),
        ]
      if (name === EXECUTION_NAMESPACE || name === PIPELINE_NAMESPACE)
        return [structure('stages', `Namespace ${name} is reserved`)]
      return []
    }),
    ...actions.flatMap((one) => checkReferences(pipeline, one, actions)),
  ]
}

function checkReferences(
  pipeline: PipelineDeclaration,
  user: PlacedAction,
  actions: readonly PlacedAction[],
): Violation[] {
  return Object.entries(user.action.configuration ?? {}).flatMap(([key, value]) =>
    typeof value !== 'string' || !value.includes('#{')
      ? []
      : variableReferences(value).flatMap(({ text, namespace, key: name }) => {
          const problem =
            namespace && name
              ? unknownReference(pipeline, user, actions, namespace, name)
              : 'Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.)'
          if (!problem) return []
          const where = `StageName=[${user.stage.name}], ActionName=[${user.action.name}], ActionConfigurationKey=[${key}], VariableReferenceText=[${text}]`
          return [badAction(`${user.path}.configuration.${key}`, `${problem}. ${where}`)]
        }),
  )
}

function unknownReference(
  pipeline: PipelineDeclaration,
  user: PlacedAction,
  actions: readonly PlacedAction[],
  namespace: string,
  key: string,
): string | undefined {
  if (namespace === EXECUTION_NAMESPACE)
    return key === 'PipelineExecutionId' ? undefined : `The namespace codepipeline has no variable ${key}`
  if (namespace === PIPELINE_NAMESPACE)
    return pipeline.variables?.some((one) => one.name === key)
      ? undefined
      : `The pipeline declares no variable ${key}`
  const producer = actions.find((one) => one.action.namespace === namespace)
  if (!producer) return `No action has the namespace ${namespace}`
  if (!runsBefore(producer, user))
    return `The action ${producer.action.name} with the namespace ${namespace} does not run before`
  const known = findProvider(producer.action.actionTypeId)?.variables
  if (!known || known === 'dynamic' || known.includes(key)) return undefined
  return `The action ${producer.action.name} has no output variable ${key}`
}
