/** Secrets in what is shown. */
import { expect, test } from 'vitest'
import { masked } from './mask.ts'

const secret = (value: string) => [{ key: 'P', value, noEcho: true }]

test('hides a secret wherever it stands in a text', () => {
  expect(masked({ Url: 'https://u:hunter2@host', List: ['hunter2'], n: 1 }, secret('hunter2'))).toEqual({
    Url: 'https://u:****@host',
    List: ['****'],
    n: 1,
  })
})

test('hides a short one only where it stands alone', () => {
  expect(masked({ a: '1', b: 1, c: 'v1' }, secret('1'))).toEqual({ a: '****', b: '****', c: 'v1' })
})

test('leaves the value alone where nothing is secret', () => {
  const value = { a: 'x' }
  expect(masked(value, [{ key: 'P', value: 'x', noEcho: false }])).toBe(value)
})
