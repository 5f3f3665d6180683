import { expect, it } from 'vitest'
import { evaluate, filledIn } from './intrinsics.ts'

const scope = {
  data: { a: 'x', list: [1, 2, 2], nested: { b: true } },
  context: { Execution: { Name: 'n' } },
}
const chance = { uuid: () => 'id', random: () => 0.5 }

it.each<[string, unknown]>([
  ["States.Format('{} and \\{\\} of {}', $.a, $.list)", 'x and {} of [1,2,2]'],
  ['States.StringToJson(\'{"a":1}\')', { a: 1 }],
  ['States.JsonToString($.nested)', '{"b":true}'],
  ["States.Array($.a, 1, 'it\\'s', null, States.Array())", ['x', 1, "it's", null, []]],
  ['States.ArrayPartition($.list, 2)', [[1, 2], [2]]],
  ['States.ArrayContains($.list, 2)', true],
  ['States.ArrayRange(1, 9, 3)', [1, 4, 7]],
  ['States.ArrayGetItem($.list, 0)', 1],
  ['States.ArrayLength($.list)', 3],
  ['States.ArrayUnique($.list)', [1, 2]],
  ["States.Base64Encode('hi')", 'aGk='],
  ["States.Base64Decode('aGk=')", 'hi'],
  ["States.Hash('hi', 'SHA-1')", 'c22b5f9178342609428d6f51b2c5af4c0bde6a42'],
  ['States.JsonMerge($.nested, $$.Execution, false)', { b: true, Name: 'n' }],
  ['States.MathAdd(1, -2)', -1],
  ['States.MathRandom(0, 10)', 5],
  ["States.StringSplit('a,b;c', ',;')", ['a', 'b', 'c']],
  ['States.UUID()', 'id'],
])('%s', (expression, value) => {
  expect(evaluate(expression, scope, chance)).toEqual(value)
})

it.each([
  ["States.Format('{} {}', $.a)", 'fewer arguments than places'],
  ['States.Nothing()', 'There is no intrinsic function'],
  ['States.ArrayLength($.a)', 'wants an array'],
  ['States.ArrayLength($.list', 'lacks a parenthesis'],
  ['States.UUID() more', 'goes on after its end'],
  ['States.ArrayLength($.none)', 'could not be found'],
])('%s is refused', (expression, problem) => {
  expect(() => evaluate(expression, scope, chance)).toThrow(problem)
})

it('stands in templates behind keys that end in .$', () => {
  expect(filledIn({ 'a.$': '$.a', b: [{ 'c.$': 'States.UUID()' }], d: 1 }, scope, chance)).toEqual({
    a: 'x',
    b: [{ c: 'id' }],
    d: 1,
  })
})
