/** What targets are sent. */
import { expect, it } from 'vitest'
import type { EventMessage, Rule, Target } from '../state.ts'
import { targetInput } from './target-input.ts'

const event: EventMessage = {
  version: '0',
  id: 'e1',
  'detail-type': 'Change',
  source: 'my.app',
  account: '111111111111',
  time: '2026-03-01T10:00:00Z',
  region: 'us-east-1',
  resources: ['arn:one'],
  detail: { 'instance-id': 'i-1', size: 5, parts: [{ id: 'a' }, { id: 'b' }] },
}
const rule = { name: 'example', arn: 'arn:aws:events:us-east-1:111111111111:rule/example' } as Rule
const sent = (target: Partial<Target>): string =>
  targetInput({ Id: 't', Arn: 'arn', ...target }, rule, event, new Date(0))
const transformed = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  sent({ InputTransformer: { InputTemplate, InputPathsMap } })

it('sends the event, a constant, or a part', () => {
  expect(JSON.parse(sent({}))).toEqual(event)
  expect(sent({ Input: '{"a": 1}' })).toBe('{"a": 1}')
  expect(sent({ InputPath: '$.detail.parts[1].id' })).toBe('"b"')
  expect(sent({ InputPath: '$.detail.parts[*].id' })).toBe('["a","b"]')
  expect(sent({ InputPath: '$.nope' })).toBe('null')
})

it('fills templates: JSON outside of quotes, text inside', () => {
  const paths = {
    instance: '$.detail.instance-id',
    size: '$.detail.size',
    parts: '$.detail.parts',
    gone: '$.x',
  }
  expect(transformed('"instance <instance> has <size>, <gone>"', paths)).toBe('"instance i-1 has 5, "')
  expect(JSON.parse(transformed('{"i": <instance>, "n": <size>, "p": <parts>, "x": <gone>}', paths))).toEqual(
    {
      i: 'i-1',
      n: 5,
      p: [{ id: 'a' }, { id: 'b' }],
      x: '',
    },
  )
  expect(JSON.parse(transformed('{"s": "is \\"<instance>\\": <parts>"}', paths))).toEqual({
    s: 'is "i-1": [{id:a},{id:b}]',
  })
})

it('knows the variables that AWS defines', () => {
  const text =
    '{"arn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>, "all": <aws.events.event.json>}'
  expect(JSON.parse(transformed(text))).toEqual({ arn: rule.arn, at: '1970-01-01T00:00:00.000Z', all: event })
  expect(transformed('"<aws.events.rule-name> fired"')).toBe('"example fired"')
  expect(JSON.parse(transformed('{"e": <aws.events.event>}')).e).not.toHaveProperty('detail')
})
