/** Globs over paths, matched in linear time: `*` within a name, `**` across names, `?`, `[a-z]`, `[!a]`, `{a,b}`, `\`. */
import { linearPattern } from './linear-pattern.ts'

const TOKEN = /(?<=^|\/)\*\*\/|\*+|\?|\\[\s\S]|\[(!?)([^\][]+)\]|[\s\S]/gu

/**
 * Gives the test for whole paths; `**` with its slash stands for no folder, too.
 * Evidence: https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html, where the language is Java's.
 */
export function globPattern(glob: string): (path: string) => boolean {
  const compiled = linearPattern(`(?s)${globExpression(glob)}`)
  return (path) => compiled.matches(path)
}

/** Gives the regular expression of a glob, without its ends. A brace or bracket that is never closed stands for itself. */
export function globExpression(glob: string): string {
  const lastBrace = glob.lastIndexOf('}')
  let expression = ''
  let depth = 0
  for (const { 0: token, 1: negated, 2: members, index } of glob.matchAll(TOKEN)) {
    if (token === '{' && index < lastBrace) {
      expression += '(?:'
      depth++
    } else if (token === '}' && depth > 0) {
      expression += ')'
      depth--
    } else if (token === ',' && depth > 0) expression += '|'
    else if (members !== undefined) expression += oneOf(members, negated === '!')
    else expression += wild(token) ?? literal(token.startsWith('\\') ? token.slice(1) || token : token)
  }
  return expression + ')'.repeat(depth)
}

function wild(token: string): string | undefined {
  if (token === '**/') return '(?:.*/)?'
  if (token === '*') return '[^/]*'
  if (/^\*+$/.test(token)) return '.*'
  return token === '?' ? '[^/]' : undefined
}

/** AWS: within brackets `*`, `?` and `\` are themselves, and so is a hyphen that comes first. */
function oneOf(members: string, isNegated: boolean): string {
  const own = members.replace(/[\\^[\]]/g, '\\$&').replace(/^-/, '\\-')
  return isNegated ? `[^/${own}]` : `[${own}]`
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
