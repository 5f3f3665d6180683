/** ArnEquals, ArnLike and their negations: the six fields of an ARN are compared one by one. */
import { parseTemplate } from '../match-variables.ts'
import { ANY_RUN, compileTokens, type TextMatcher, type Token } from '../match-wildcard.ts'
import { type ValueTest, withNegation } from './operator.ts'

const FIELDS = 6

/** Gives the tokens of each field, or undefined when there are fewer than six; the last keeps its colons. */
function splitFields(tokens: readonly Token[]): Token[][] | undefined {
  const fields: Token[][] = [[]]
  for (const token of tokens) {
    if (typeof token !== 'string') {
      fields.at(-1)!.push(token)
      continue
    }
    const parts = token.split(':')
    const room = FIELDS - fields.length
    const separate = parts.slice(0, room)
    const rest = parts.slice(room)
    if (rest.length) separate.push(rest.join(':'))
    separate.forEach((part, index) => {
      if (index > 0) fields.push([])
      if (part !== '') fields.at(-1)!.push(part)
    })
  }
  return fields.length === FIELDS ? fields : undefined
}

/** Gives the matcher for an ARN pattern; a lone `*` matches every ARN, anything else without six fields none. */
function compileArnPattern(tokens: readonly Token[]): TextMatcher {
  if (tokens.length === 1 && tokens[0] === ANY_RUN) return () => true
  const fields = splitFields(tokens)?.map(compileTokens)
  if (!fields) return () => false
  return (text) => {
    const parts = text.split(':')
    if (parts.length < FIELDS) return false
    for (let i = 0; i < FIELDS - 1; i++) if (!fields[i]!(parts[i]!)) return false
    return fields[FIELDS - 1]!(
      parts.length === FIELDS ? parts[FIELDS - 1]! : parts.slice(FIELDS - 1).join(':'),
    )
  }
}

function like(wanted: string, variables: boolean): ValueTest {
  const template = parseTemplate(wanted, { variables, wildcards: true })
  if (template.fixed) return compileArnPattern(template.fixed)
  return (actual, facts) => {
    const tokens = template.fill(facts)
    return tokens !== undefined && compileArnPattern(tokens)(actual)
  }
}

/** AWS: ArnEquals and ArnLike behave identically, wildcards included. */
export const arnOperators = [
  ...withNegation('ArnEquals', 'ArnNotEquals', like),
  ...withNegation('ArnLike', 'ArnNotLike', like),
]
