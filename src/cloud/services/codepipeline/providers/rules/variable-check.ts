/** A variable that is held against a value. */
import { PatternError } from '../../../../../model/index.ts'
import { variableHolds } from '../../../../../pipeline/index.ts'
import { ActionFailure, type Runner } from '../runner.ts'

export const variableCheck: Runner = {
  id: 'Rule/VariableCheck',
  run: async ({ configuration }) => {
    const { Variable, Operator, Value } = configuration
    const holds = await variableHolds(configuration).catch((error) => {
      if (!(error instanceof PatternError)) throw error
      throw new ActionFailure(`The regular expression ${Value} ${error.message}`, {
        code: 'ConfigurationError',
      })
    })
    const summary = `Variable '${Variable}' ${Operator} '${Value}'`
    if (!holds) throw new ActionFailure(`${summary} does not hold`)
    return { external: { summary: `${summary} holds` } }
  },
}
