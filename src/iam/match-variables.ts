/** Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`, `${?}` and `${$}`. */
import { contextValue, type Facts, type KeyReader } from './facts.ts'
import { ANY_ONE, ANY_RUN, compileTokens, type Token, wildcardTokens } from './match-wildcard.ts'

interface Variable {
  readonly read: KeyReader
  readonly fallback?: string
}

type Piece = Token | Variable

/**
 * A text of a policy in which variables may stand.
 *
 * AWS: variables exist from version 2012-10-17 on and are literal text in older policies; a variable without a
 * value makes the text equal to nothing; what a variable brings in is never a wildcard.
 */
export interface Template {
  /** Set when the text needs nothing from the request. */
  readonly fixed?: readonly Token[]
  /** Gives the tokens for a request, or undefined when a variable has no value. */
  readonly fill: (facts: Facts) => readonly Token[] | undefined
}

const VARIABLE = /\$\{([^{}]*)\}/g
/** The default may hold commas; no part overlaps another, so that reading takes linear time. */
const WITH_DEFAULT = /^([^,]+),(.*)$/s

/** Takes a text apart; `wildcards` says whether `*` and `?` in it are wildcards or plain characters. */
export function parseTemplate(text: string, options: { variables: boolean; wildcards: boolean }): Template {
  const tokens = options.wildcards ? wildcardTokens : (part: string): Token[] => (part ? [part] : [])
  const pieces: Piece[] =
    options.variables && text.includes('${')
      ? text.split(VARIABLE).flatMap((part, i): Piece[] => (i % 2 ? [parseVariable(part)] : tokens(part)))
      : tokens(text)
  if (!pieces.some((piece) => typeof piece === 'object')) {
    const fixed = pieces as Token[]
    return { fixed, fill: () => fixed }
  }
  return { fill: (facts) => fillPieces(pieces, facts) }
}

function parseVariable(inside: string): Variable | string {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const [, before, behind = ''] = WITH_DEFAULT.exec(inside) ?? []
  const quoted = behind.trim()
  const hasDefault =
    before !== undefined &&
    before.trim() !== '' &&
    quoted.length > 1 &&
    quoted.startsWith("'") &&
    quoted.endsWith("'")
  const name = (hasDefault ? before : inside).trim()
  const fallback = hasDefault ? quoted.slice(1, -1) : undefined
  return { read: contextValue(name), fallback }
}

function fillPieces(pieces: readonly Piece[], facts: Facts): Token[] | undefined {
  const filled: Token[] = []
  for (const piece of pieces) {
    if (typeof piece !== 'object') {
      filled.push(piece)
      continue
    }
    const value = singleValue(piece.read(facts)) ?? piece.fallback
    if (value === undefined) return undefined
    filled.push(value)
  }
  return filled
}

/** AWS: a multivalued key cannot be used as a variable. */
function singleValue(value: string | readonly string[] | undefined): string | undefined {
  if (typeof value === 'string') return value
  return value?.length === 1 ? value[0] : undefined
}

/** Gives a test of a text against a template with wildcards; a template without value matches nothing. */
export function compileTemplateMatch(template: Template): (text: string, facts: Facts) => boolean {
  if (template.fixed) return compileTokens(template.fixed)
  return (text, facts) => {
    const tokens = template.fill(facts)
    return tokens !== undefined && compileTokens(tokens)(text)
  }
}

/** Gives a text as the request fills it; as written where a variable has no value. */
export function filledText(text: string, variables: boolean, facts: Facts): string {
  const tokens = parseTemplate(text, { variables, wildcards: true }).fill(facts)
  return tokens ? tokensText(tokens) : text
}

/** Gives the text of tokens, wildcards as they were written. */
export function tokensText(tokens: readonly Token[]): string {
  return tokens.map((token) => (token === ANY_RUN ? '*' : token === ANY_ONE ? '?' : token)).join('')
}
