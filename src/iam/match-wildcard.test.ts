import { describe, expect, it } from 'vitest'
import { compileWildcard } from './match-wildcard.ts'

describe('compileWildcard', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'abc', true],
    ['a*', 'a', true],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*ab*ab', 'ab', false],
    ['*ab*ab', 'abab', true],
    ['?', '', false],
    ['?', 'x', true],
    ['a?c*', 'abcdef', true],
    ['*?', '', false],
    ['*?*?', 'ab', true],
    ['*?*?', 'a', false],
    ['a?*?b', 'axyb', true],
    ['a?*?b', 'axb', false],
    ['.+', 'xx', false],
  ])('%s on "%s": %s', (pattern, text, matches) => {
    expect(compileWildcard(pattern)(text)).toBe(matches)
  })

  it('agrees with a naive matcher on every short text', () => {
    const alphabet = ['a', 'b']
    const words = (length: number): string[] =>
      length === 0 ? [''] : words(length - 1).flatMap((word) => alphabet.map((letter) => word + letter))
    const texts = [0, 1, 2, 3, 4].flatMap(words)
    const patterns = texts.flatMap((text) => [text.replace(/a/g, '*'), text.replace(/b/g, '?'), `*${text}?`])
    for (const pattern of new Set(patterns)) {
      const matches = compileWildcard(pattern)
      for (const text of texts) expect(matches(text), `${pattern} on ${text}`).toBe(naive(pattern, text))
    }
  })

  it('stays fast on many wildcards', () => {
    const started = performance.now()
    expect(compileWildcard(`${'*a'.repeat(50)}b`)('a'.repeat(20_000))).toBe(false)
    expect(compileWildcard(`${'*?a'.repeat(20)}b`)('a'.repeat(20_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*')
    return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)))
  return (
    text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
  )
}
