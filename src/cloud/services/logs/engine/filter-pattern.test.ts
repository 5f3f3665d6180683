/** Filter patterns as AWS's guide shows them. */
import { describe, expect, it } from 'vitest'
import { compileFilter } from './filter-pattern.ts'

const matching = (pattern: string, messages: string[]) => messages.filter(compileFilter(pattern))

describe('terms', () => {
  const lines = ['[ERROR] bad request', '[INFO] all good', '[ERROR] ARGUMENTS missing']

  it.each([
    ['', lines],
    ['ERROR', [lines[0], lines[2]]],
    ['ERROR ARGUMENTS', [lines[2]]],
    ['"bad request"', [lines[0]]],
    ['ERROR -ARGUMENTS', [lines[0]]],
    ['?INFO ?ARGUMENTS', [lines[1], lines[2]]],
    ['%b[ae]d%', [lines[0]]],
    ['error', []],
  ])('%s', (pattern, expected) => {
    expect(matching(pattern, lines)).toEqual(expected)
  })
})

describe('fields of JSON', () => {
  const document = JSON.stringify({
    level: 'error',
    code: 503,
    path: '/orders/7',
    user: { name: 'Ann', tags: ['a', 'b'] },
    retry: true,
    cause: null,
  })

  it.each([
    ['{ $.level = "error" }', true],
    ['{ $.level = error }', true],
    ['{ $.level != "error" }', false],
    ['{ $.code >= 500 && $.code < 504 }', true],
    ['{ $.code = 503 }', true],
    ['{ $.code > 503 || $.level = "info" }', false],
    ['{ ($.code = 1 || $.code = 503) && $.path = "/orders/*" }', true],
    ['{ $.path = %^/orders/\\d+$% }', true],
    ['{ $.user.tags[1] = "b" }', true],
    ['{ $.user["name"] = "Ann" }', true],
    ['{ $.retry IS TRUE }', true],
    ['{ $.retry IS FALSE }', false],
    ['{ $.cause IS NULL }', true],
    ['{ $.absent NOT EXISTS }', true],
    ['{ $.absent = "x" }', false],
    ['{ $.absent != "x" }', false],
  ])('%s', (pattern, expected) => {
    expect(compileFilter(pattern)(document)).toBe(expected)
  })

  it('matches no plain text', () => {
    expect(compileFilter('{ $.a = 1 }')('a = 1')).toBe(false)
  })
})

it.each(['{ $.a = }', '{ a = 1 }', '{ $.a = 1', '{ $.a > "x" }', '%[%', '[ip, user]'])(
  'refuses %s',
  (pattern) => {
    expect(() => compileFilter(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    )
  },
)
