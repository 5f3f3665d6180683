import { expect, test } from 'vitest'
import { eachReference } from './references.ts'

const named = (value: unknown): string[] => {
  const found: string[] = []
  eachReference(value, (one) => {
    if (one.kind !== 'call') found.push(`${one.kind} ${one.name}`)
  })
  return found
}

test('finds what a value names', () => {
  expect(
    named({ a: { Ref: 'A' }, b: [{ 'Fn::GetAtt': 'B.Arn' }], c: { 'Fn::Sub': '${C}-${D.Arn}' } }),
  ).toEqual(['ref A', 'attribute B', 'ref C', 'attribute D'])
})

test.each<[string, unknown]>([
  ['Ref', { Ref: 'A' }],
  ['Ref', null],
  ['Fn::GetAtt', { 'Fn::Split': ['.', { Ref: 'A' }] }],
  ['Fn::GetAtt', 1],
  ['Fn::GetAtt', []],
  ['Fn::GetAtt', [{ Ref: 'A' }, 'Arn']],
  ['Fn::Sub', { Ref: 'A' }],
  ['Fn::Sub', [{ Ref: 'A' }, {}]],
  ['Fn::Sub', ['${B}', null]],
  ['Fn::Sub', ['${B}']],
  ['Fn::Sub', []],
])('a malformed %s names nothing itself: %j', (name, argument) => {
  expect(named({ [name]: argument })).toEqual(JSON.stringify(argument).includes('Ref') ? ['ref A'] : [])
})
