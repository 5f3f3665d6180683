import { describe, expect, test } from 'vitest'
import { parseXml } from './xml-parse.ts'

describe('well-formed XML', () => {
  test('keeps text, attributes, order and nesting', () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0"?>\n<!-- c --><a:Root xmlns:a="u" k=\'v &lt;\'><b>1</b><c/><b> 2 &#x1F680;&#10;</b><![CDATA[<raw>&]]></a:Root>\n',
    )
    expect(root.name).toBe('Root')
    expect(root.attributes).toEqual({ 'xmlns:a': 'u', k: 'v <' })
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['b', '1'],
      ['c', ''],
      ['b', ' 2 🚀\n'],
    ])
    expect(root.text).toBe('<raw>&')
  })

  test('reads a carriage return only from its reference', () => {
    expect(parseXml('<a>x\r\ny\rz&#13;</a>').text).toBe('x\ny\nz\r')
  })
})

test.each([
  ['nothing', ''],
  ['text alone', 'hello'],
  ['an open element', '<a><b></a>'],
  ['a closed element too many', '<a></a></a>'],
  ['two roots', '<a/><b/>'],
  ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['an entity named like a property', '<a>&constructor;</a>'],
  ['a bare ampersand', '<a>b & c</a>'],
  ['an unfinished entity', '<a>&lt</a>'],
  ['a null character', '<a>&#0;</a>'],
  ['an attribute without quotes', '<a b=c/>'],
  ['an unfinished comment', '<a><!-- </a>'],
  ['unbounded depth', '<a>'.repeat(100) + '</a>'.repeat(100)],
])('%s is refused', (_, text) => {
  expect(() => parseXml(text)).toThrow('not well-formed')
})

test('a large hostile document is refused quickly', () => {
  const start = performance.now()
  expect(() => parseXml(`<a ${'b="c" '.repeat(100_000)}`)).toThrow('not well-formed')
  expect(performance.now() - start).toBeLessThan(1000)
})
