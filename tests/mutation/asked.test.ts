import { expect, test } from 'vitest'
import { askedBy } from './asked.ts'

const examples = ['hello', 'examples/ecs']

test.each([
  [[], { names: examples, runs: false, help: false }],
  [['--run', 'examples/ecs'], { names: ['examples/ecs'], runs: true, help: false }],
  [['--help'], { names: examples, runs: false, help: true }],
])('%j asks for what it says', (words, asked) => {
  expect(askedBy(words, examples)).toEqual(asked)
})

test.each([
  [['--fast'], "Unknown option '--fast'"],
  [['hello', 'nope'], "There is no example named 'nope'"],
])('%j is refused by the word that nothing is called', (words, message) => {
  expect(() => askedBy(words, examples)).toThrow(message)
})
