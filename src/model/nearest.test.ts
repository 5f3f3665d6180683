import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it.each([
  ['brnch', 'branch'],
  ['regoin', 'region'],
  ['Stages', 'stages'],
])('%s is a slip for %s', (word, meant) => {
  expect(nearest(word, ['stages', 'branch', 'region', 'source'])).toBe(meant)
})

it('does not guess at a word unlike any other', () => {
  expect(nearest('frequency', ['stages', 'branch', 'region'])).toBeUndefined()
})
