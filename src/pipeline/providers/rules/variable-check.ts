/** A rule that holds a variable against a value. */
import { javaPattern, PatternError } from '../../../model/index.ts'
import { type RuleProvider, readsNothing, ruleType } from '../../rule-provider.ts'

export const variableCheck: RuleProvider = {
  ...readsNothing,
  type: ruleType('VariableCheck'),
  skips: true,
  configuration: {
    Variable: { required: true },
    Value: { required: true },
    Operator: { required: true, values: ['EQ', 'NE', 'CONTAINS', 'MATCHES'] },
  },
  check: ({ configuration = {} }) => {
    const { Value: value = '', Operator: operator } = configuration
    const problem = operator === 'MATCHES' && !value.includes('#{') && patternProblem(value)
    return problem ? [`Value is no regular expression of Java: it ${problem}`] : []
  },
  // AWS: the variables are the execution's own.
  needs: () => [],
}

function patternProblem(pattern: string): string | undefined {
  try {
    javaPattern(pattern)
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

/**
 * Whether a check is met. AWS: MATCHES reads the value as a regular expression of Java, that the variable matches as a
 * whole (rule-reference-VariableCheck: "whether the variable matches a given regex expression").
 * Errors: PatternError where the expression cannot be read, or takes too long.
 */
export async function variableHolds(configuration: Readonly<Record<string, string>>): Promise<boolean> {
  const { Variable: variable = '', Value: value = '', Operator: operator } = configuration
  switch (operator) {
    case 'EQ':
      return variable === value
    case 'NE':
      return variable !== value
    case 'CONTAINS':
      return variable.includes(value)
    default:
      return javaPattern(value).matchesWhole(variable)
  }
}
