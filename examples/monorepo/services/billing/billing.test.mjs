import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from '../../libs/greet.mjs'

test('billing greets', () => {
  process.env.GREETING = 'Hello'
  process.env.CITY = 'Oslo'
  assert.equal(greet('billing'), 'Hello, billing in Oslo')
})
