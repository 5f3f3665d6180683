import assert from 'node:assert/strict'
import { test } from 'node:test'
import { price } from '../src/price.mjs'

test('one in ten is free', () => {
  assert.equal(price({ pieces: 9, each: 5 }), 45)
  assert.equal(price({ pieces: 20, each: 5 }), 90)
})
