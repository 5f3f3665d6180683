import { expect, test } from 'vitest'
import { type Part, Unknown } from '../../../template/index.ts'
import { matchOf } from './may-match.ts'

const hole = (name: string, looks: Unknown['looks'] = 'anything') =>
  new Unknown(name, { kind: 'parameter', name }, { looks })
const madeUp = (id: string) => new Unknown(id, { kind: 'made up', id }, { looks: 'name' })
const B = hole('B', 'name')
const P = hole('P')
const ARN = 'arn:aws:s3:::'

test.each<[string, Part[], Part[], string]>([
  ['all that begins so', [`${ARN}*`], [ARN, B], 'certain'],
  ['another bucket', [`${ARN}prod-*`], [`${ARN}dev-`, B], 'never'],
  ['perhaps that bucket', [`${ARN}prod-*`], [ARN, B], 'possible'],
  ['perhaps its objects', [`${ARN}prod/*`], [ARN, B, '/x'], 'possible'],
  ['not the object of a name', [`${ARN}a/b`], [ARN, B], 'never'],
  ['whatever it is, an object', [`${ARN}*/x`], [ARN, B, '/x'], 'certain'],
  ['perhaps an object', [`${ARN}a/b`], [ARN, P], 'possible'],
  ['the same value', [ARN, B], [ARN, B], 'certain'],
  ['another value', [ARN, B], [ARN, hole('C', 'name')], 'possible'],
  ['what is made up for another', [ARN, madeUp('A')], [ARN, madeUp('B')], 'never'],
  ['what nobody can have written', [`${ARN}orders-B-1A2B`], [`${ARN}orders-B-`, madeUp('A')], 'never'],
  ['what may be made up so', [`${ARN}orders-B-1*`], [`${ARN}orders-B-`, madeUp('A')], 'possible'],
  ['the end in the middle', [`${ARN}*b`], [`${ARN}a`, B, 'c'], 'never'],
  ['a letter that nobody knows', [`${ARN}?`], [ARN, B], 'possible'],
  ['each of two', [`${ARN}a*`], [ARN, hole('V', ['ab', 'ac'])], 'certain'],
  ['one of two', [`${ARN}ab`], [ARN, hole('V', ['ab', 'ac'])], 'possible'],
  ['none of two', [`${ARN}x`], [ARN, hole('V', ['ab', 'ac'])], 'never'],
  ['what the request may tell', [`${ARN}\${aws:username}/*`], [ARN, B, '/x'], 'possible'],
  ['no holes', [`${ARN}a?c`], [`${ARN}abc`], 'certain'],
])('%s', (_name, pattern, text, expected) => {
  expect(matchOf(pattern, text)).toBe(expected)
})
