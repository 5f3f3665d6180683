/** Bool: `true` or `false`. */
import { parseTemplate, tokensText } from '../match-variables.ts'
import type { ConditionOperator } from './operator.ts'

export const boolOperators: ConditionOperator[] = [
  {
    name: 'Bool',
    compile: (wanted, variables) => {
      const template = parseTemplate(wanted, { variables, wildcards: false })
      return (actual, facts) => {
        const tokens = template.fill(facts)
        return tokens !== undefined && tokensText(tokens).toLowerCase() === actual.toLowerCase()
      }
    },
  },
]
