/** Patterns of users: what they match, what is refused, and that none holds the thread. */
import { describe, expect, it } from 'vitest'
import { globPattern } from './glob.ts'
import { javaPattern } from './java-pattern.ts'
import { linearPattern } from './linear-pattern.ts'
import type { PatternError } from './pattern-error.ts'
import { starPattern } from './star-pattern.ts'

const kindOf = (text: string): string | undefined => {
  try {
    javaPattern(text)
    return undefined
  } catch (error) {
    return (error as PatternError).kind
  }
}

describe('Java patterns', () => {
  it.each([
    ['[a-z]+', 'abc', true],
    ['[a-z]+', 'abc1', false],
    ['a|b', 'ab', false],
    ['(?i)ABC', 'abc', true],
    ['\\@\\_\\-x', '@_-x', true],
    ['\\Q.*\\E', '.*', true],
    ['.{1,2048}', 'x'.repeat(2048), true],
    ['.{1,2048}', 'x'.repeat(2049), false],
    ['(?=.*[A-Z])(?=.*[\\@\\-])[^ ]{4,}', 'Ab-c', true],
    ['(?=.*[A-Z])(?=.*[\\@\\-])[^ ]{4,}', 'ab-c', false],
    ['(.)\\1', 'aa', true],
    ['(.)\\1', 'ab', false],
    ['\\u0041', 'A', true],
    ['(?<!a)b', 'b', true],
  ])('%s against %s', async (pattern, text, expected) => {
    expect(await javaPattern(pattern).matchesWhole(text)).toBe(expected)
    expect(javaPattern(pattern).matchesWholeNow(text)).toBe(expected)
  })

  it.each([
    '[a-z]+',
    '^[A-Za-z0-9-]*$',
    '[^/ ]{2,3}',
    'v[0-9]{1,}',
    '[A-Z]{2}-[0-9]{12}',
    'a{2,}b{3}',
    '^$',
    '$',
  ])('%s is matched without the linear engine as that does it', (pattern) => {
    const texts = [
      '',
      'a',
      'ab',
      'a-b',
      'a/b',
      'a\n',
      '\n',
      'é',
      '😀',
      '😀😀',
      'v1',
      'v',
      'AB-123456789012',
      'aabbb',
    ]
    const linear = linearPattern(pattern)
    for (const text of texts) expect(javaPattern(pattern).matchesWholeNow(text)).toBe(linear.matches(text))
  })

  it('are given up by a command, too', () => {
    expect(() => javaPattern('(?=a)(a+)+$').matchesWholeNow(`${'a'.repeat(40)}!`)).toThrow('takes too long')
  })

  it('occur in a text', async () => {
    expect(await javaPattern('b+').occursIn('abc')).toBe(true)
    expect(await javaPattern('(?=b)b').occursIn('abc')).toBe(true)
    expect(await javaPattern('^b').occursIn('abc')).toBe(false)
  })

  it.each(['((', '[a', 'a{2,1}', '*', '(?<n>', '^abc|def)$', '('.repeat(60_000)])(
    '%.20s is none',
    (pattern) => {
      expect(kindOf(pattern)).toBe('invalid')
    },
  )

  it.each(['a++', 'a{1,2}+', '(?>a)', '[a-z&&[^b]]', '[a[b]]', '\\p{Alpha}', '\\Z', '\\h'])(
    '%s is read by Java alone',
    (pattern) => {
      expect(kindOf(pattern)).toBe('unsupported')
    },
  )

  it.each(['a\\++', 'a+?', '[+]+', '[a\\[]', '\\Q[[\\E', '[&]'])('%s is read', (pattern) => {
    expect(kindOf(pattern)).toBeUndefined()
  })

  it.each(['(a+)+$', '(a|aa)+$', '(?:a*)*b', '(.*a){30}'])('%s ends', async (pattern) => {
    expect(await javaPattern(pattern).matchesWhole(`${'a'.repeat(4000)}!`)).toBe(false)
  })

  it.each(['(?=a)(a+)+$', '((a+)+)\\2$'])('%s is given up while others are served', async (pattern) => {
    let turns = 0
    const other = setInterval(() => turns++, 1)
    const slow = javaPattern(pattern).matchesWhole(`${'a'.repeat(40)}!`)
    const next = javaPattern('(?=a)a').matchesWhole('a')
    await expect(slow).rejects.toMatchObject({ name: 'PatternError', kind: 'slow' })
    clearInterval(other)
    expect(await next).toBe(true)
    expect(turns).toBeGreaterThan(10)
  })
})

it.each([
  ['**/*.ts', 'a.ts', true],
  ['**/*.ts', 'src/deep/.hidden/a.ts', true],
  ['*.ts', 'src/a.ts', false],
  ['src/**', 'src/a/b', true],
  ['src/**', 'lib/a', false],
  ['**/*', 'a', true],
  ['src/**/test/*', 'src/test/a', true],
  ['src/**/test/*', 'src/a/b/test/c', true],
  ['foo.?', 'foo.c', true],
  ['foo.?', 'fooxc', false],
  ['*.{java,class}', 'A.class', true],
  ['*.{java,class}', 'A.classes', false],
  ['{a,b/{c,d}}', 'b/d', true],
  ['[!a-c]x', 'dx', true],
  ['[!a-c]x', 'ax', false],
  ['[-^]', '^', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a{b', 'a{b', true],
  ['a[b', 'a[b', true],
  ['a}b,c', 'a}b,c', true],
  [`${'*a'.repeat(60)}b`, `${'a'.repeat(250)}c`, false],
])('the glob %s against %s', (glob, path, expected) => {
  expect(globPattern(glob)(path)).toBe(expected)
})

it.each([
  ['a*', 'abc', true],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b', 'ba', false],
  ['aa*aa', 'aaa', false],
  ['a.c', 'abc', false],
  [`${'*a'.repeat(100)}b`, 'a'.repeat(5000), false],
])('the pattern %s against %s', (pattern, text, expected) => {
  expect(starPattern(pattern)(text)).toBe(expected)
})
