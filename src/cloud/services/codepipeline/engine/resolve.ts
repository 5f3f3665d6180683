/** Values of variables in an execution. */
import { entryOf } from '../../../../model/index.ts'
import { EXECUTION_NAMESPACE, PIPELINE_NAMESPACE, resolveVariables } from '../../../../pipeline/index.ts'
import type { Execution } from '../state.ts'

/** AWS: variables are resolved just before an action starts, from the actions that ended before it. */
export const resolveIn = (execution: Execution, text: string): string =>
  resolveVariables(text, (namespace, key) => {
    if (namespace === EXECUTION_NAMESPACE) return key === 'PipelineExecutionId' ? execution.id : undefined
    if (namespace === PIPELINE_NAMESPACE) return entryOf(execution.variables, key)
    return entryOf(entryOf(execution.outputs, namespace), key)
  })
