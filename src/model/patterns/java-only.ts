/** What only Java's regular expressions have, told by name so that no pattern is read as something else. */

const BOUNDS = /\{\d+(?:,\d*)?\}/y
/** Letters behind a backslash that RE2, JavaScript and Java read alike, or that at least one of the two refuses. */
const SHARED_ESCAPES = /[0-9AaBbcDdfknPpQrSstuWwxz]/
/** AWS: Java's POSIX classes are of ASCII; the same names mean all of Unicode elsewhere. */
const POSIX =
  /p\{(?:Lower|Upper|ASCII|Alpha|Digit|Alnum|Punct|Graph|Print|Blank|Cntrl|XDigit|Space|java\w+)\}/iy

/** Gives the name of the first such construct in a pattern, or undefined. */
export function javaOnly(pattern: string): string | undefined {
  let inClass = false
  let at = 0
  while (at < pattern.length) {
    const character = pattern[at]!
    if (character === '\\') {
      const escaped = pattern[at + 1] ?? ''
      if (/[A-Za-z0-9]/.test(escaped) && !SHARED_ESCAPES.test(escaped)) return `\\${escaped}`
      POSIX.lastIndex = at + 1
      if (/p/i.test(escaped) && POSIX.test(pattern)) return 'POSIX classes'
      const end = escaped === 'Q' ? pattern.indexOf('\\E', at) : at
      at = end < 0 ? pattern.length : end + 2
      continue
    }
    if (inClass) {
      if (character === '[') return 'classes within classes'
      if (character === '&' && pattern[at + 1] === '&') return 'intersections of classes'
      if (character === ']') inClass = false
    } else if (character === '[') inClass = true
    else if (pattern.startsWith('(?>', at)) return 'atomic groups'
    else {
      const quantifier = quantifierAt(pattern, at)
      if (quantifier && pattern[at + quantifier] === '+') return 'possessive quantifiers'
    }
    at++
  }
  return undefined
}

/** The length of the quantifier that starts here. */
function quantifierAt(pattern: string, at: number): number {
  if (/[*+?]/.test(pattern[at]!)) return 1
  BOUNDS.lastIndex = at
  return BOUNDS.exec(pattern)?.[0].length ?? 0
}
