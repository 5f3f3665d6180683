import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from '../../libs/greet.mjs'

test('orders greets', () => {
  process.env.GREETING = 'Hello'
  process.env.CITY = 'Oslo'
  assert.equal(greet('orders'), 'Hello, orders in Oslo')
})
