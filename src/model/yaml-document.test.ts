/** Large YAML documents: keys that stand twice are found as in small ones. */
import { expect, it } from 'vitest'
import { yamlDocument } from './yaml-document.ts'

const keys = (count: number) => Array.from({ length: count }, (_, index) => `key${index}: ${index}`)

it.each([10, 20_000])('a key that stands twice among %i is told', (count) => {
  const [error, more] = yamlDocument([...keys(count), 'key3: again'].join('\n'), {
    prettyErrors: false,
  }).errors
  expect(error).toMatchObject({ code: 'DUPLICATE_KEY', message: 'Map keys must be unique' })
  expect(more).toBeUndefined()
})

it('keys that stand once are read, merges of maps too', () => {
  const text = ['a: &a { x: 1 }', 'b: { <<: *a, y: 2 }', ...keys(6000)].join('\n')
  const document = yamlDocument(text, { merge: true })
  expect(document.errors).toEqual([])
  expect(document.toJS()).toMatchObject({ b: { x: 1, y: 2 }, key5999: 5999 })
})
