/** Rules for namespaces and for references to variables. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { type PlacedAction, runsBefore } from '../placed-action.ts'
import { findProvider } from '../providers/index.ts'
import { EXECUTION_NAMESPACE, PIPELINE_NAMESPACE, variableReferences } from '../variables.ts'
import { badAction, badRule, repeated, structure, type Violation } from '../violation.ts'

/** `rules` refer to variables as actions do, and have none. */
export function checkVariables(
  pipeline: PipelineDeclaration,
  actions: readonly PlacedAction[],
  rules: readonly PlacedAction[],
): Violation[] {
  const namespaces = actions.flatMap((one) => one.action.namespace ?? [])
  const artifacts = new Set(
    actions.flatMap((one) => (one.action.outputArtifacts ?? []).map((artifact) => artifact.name)),
  )
  return [
    ...repeated(namespaces).map((name) =>
      structure(
        'stages',
        `Namespaces must be unique within the pipeline. ${name} has been used more than once.`,
        `give one of the actions with the namespace ${name} another one`,
      ),
    ),
    ...[...new Set(namespaces)].flatMap((name) => {
      if (artifacts.has(name))
        return [
          structure(
            'stages',
            `Namespace ${name} is also the name of an artifact; it must differ from all of them`,
            'give the namespace another name',
          ),
        ]
      if (name === EXECUTION_NAMESPACE || name === PIPELINE_NAMESPACE)
        return [structure('stages', `Namespace ${name} is reserved`, 'give the namespace another name')]
      return []
    }),
    ...[...actions, ...rules].flatMap((one) => checkReferences(pipeline, one, actions)),
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
              : {
                  what: 'Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.)',
                  fix: 'write #{namespace.key}',
                }
          if (!problem) return []
          const [noun, bad] =
            user.action.actionTypeId.category === 'Rule'
              ? (['Rule', badRule] as const)
              : (['Action', badAction] as const)
          const where = `StageName=[${user.stage.name}], ${noun}Name=[${user.action.name}], ${noun}ConfigurationKey=[${key}], VariableReferenceText=[${text}]`
          return [bad(`${user.path}.configuration.${key}`, `${problem.what}. ${where}`, problem.fix)]
        }),
  )
}

interface Problem {
  readonly what: string
  readonly fix: string
}

function unknownReference(
  pipeline: PipelineDeclaration,
  user: PlacedAction,
  actions: readonly PlacedAction[],
  namespace: string,
  key: string,
): Problem | undefined {
  if (namespace === EXECUTION_NAMESPACE)
    return key === EXECUTION_ID
      ? undefined
      : {
          what: `The namespace ${namespace} has no variable ${key}`,
          fix: `write #{${namespace}.${EXECUTION_ID}}`,
        }
  if (namespace === PIPELINE_NAMESPACE)
    return pipeline.variables?.some((one) => one.name === key)
      ? undefined
      : {
          what: `The pipeline declares no variable ${key}`,
          fix: `declare the variable ${key} of the pipeline`,
        }
  const producer = actions.find((one) => one.action.namespace === namespace)
  if (!producer) {
    const known = actions.filter((one) => runsBefore(one, user)).flatMap((one) => one.action.namespace ?? [])
    const fix = `give the action whose variable it is the namespace ${namespace}`
    return {
      what: `No action has the namespace ${namespace}`,
      fix: known.length ? `${fix}, or name one of ${known.join(', ')}` : fix,
    }
  }
  const { name, actionTypeId } = producer.action
  if (!runsBefore(producer, user))
    return {
      what: `The action ${name} with the namespace ${namespace} does not run before`,
      fix: `let ${name} run before: in an earlier stage, or with a smaller RunOrder`,
    }
  const known = findProvider(actionTypeId)?.variables
  if (!known || known === 'dynamic' || known.includes(key)) return undefined
  return {
    what: `The action ${name} has no output variable ${key}`,
    fix: known.length
      ? `name one of ${known.join(', ')}`
      : 'take the reference out: it has no output variables',
  }
}

const EXECUTION_ID = 'PipelineExecutionId'
