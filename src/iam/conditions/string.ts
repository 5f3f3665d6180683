/** StringEquals, StringEqualsIgnoreCase, StringLike and their negations. */
import { compileTemplateMatch, parseTemplate, tokensText } from '../match-variables.ts'
import { type ValueTest, withNegation } from './operator.ts'

function equals(wanted: string, variables: boolean): ValueTest {
  const template = parseTemplate(wanted, { variables, wildcards: false })
  if (template.fixed) {
    const text = tokensText(template.fixed)
    return (actual) => actual === text
  }
  return (actual, facts) => {
    const tokens = template.fill(facts)
    return tokens !== undefined && tokensText(tokens) === actual
  }
}

function equalsIgnoreCase(wanted: string, variables: boolean): ValueTest {
  const template = parseTemplate(wanted, { variables, wildcards: false })
  return (actual, facts) => {
    const tokens = template.fill(facts)
    return tokens !== undefined && tokensText(tokens).toLowerCase() === actual.toLowerCase()
  }
}

function like(wanted: string, variables: boolean): ValueTest {
  return compileTemplateMatch(parseTemplate(wanted, { variables, wildcards: true }))
}

/** AWS: wildcards count in StringLike only; both sides are case-sensitive unless the name says otherwise. */
export const stringOperators = [
  ...withNegation('StringEquals', 'StringNotEquals', equals),
  ...withNegation('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoreCase),
  ...withNegation('StringLike', 'StringNotLike', like),
]
